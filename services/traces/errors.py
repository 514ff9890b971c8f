"""What can go wrong with a request to the trace server."""


class TraceServerError(Exception):
    """The root of every error that a request is answered with; its text is the answer's reason."""

    status = 500


class NotFound(TraceServerError):
    """What was asked for is not kept here."""

    status = 404


class Conflict(TraceServerError):
    """What came is not what its sender says it is."""

    status = 409


class Refused(TraceServerError):
    """The request is understood and can't be done as it stands."""

    status = 422


class Malformed(TraceServerError):
    """The request can't be read at all."""

    status = 400
