"""The four services: upsampler, generator, judge and orchestrator."""
