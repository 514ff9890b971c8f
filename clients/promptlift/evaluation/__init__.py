"""Whether upsampling helps: paired trials through the running services, their statistics and their report.

Needs the extra `evaluation`; the modules that log to Weave, the extra `tracing`.
"""
