"""The judge's figures: how well its scores follow human ratings, which rules they obey, and what a judgement costs."""
