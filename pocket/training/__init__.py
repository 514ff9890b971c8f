"""How the weights come to be: every network of the embedded default, trained from nothing on drawn scenes."""
