"""The version of the client and of the services that it was made with."""

__version__ = "0.1.0"
