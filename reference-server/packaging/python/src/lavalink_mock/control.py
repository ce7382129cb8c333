"""Requests to the control API."""

from __future__ import annotations

import http.client
import json
from typing import Any


class MockError(AssertionError):
    """The server refuses what it was told, or what was waited for did not come.

    An AssertionError, so that a test that waits in vain fails and is not called broken.
    """

    def __init__(self, message: str, status: int, body: dict[str, Any]) -> None:
        super().__init__(message)
        #: HTTP status of the control API; 408 if something did not come.
        self.status = status
        #: All that it answered.
        self.body = body


class Control:
    """The control API of one server. Each request has a connection of its own, so that one may
    wait in a thread while others are sent."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._host = host
        self._port = port
        self._token = token

    def send(self, method: str, path: str, body: object = None, *, limit: float = 30.0) -> Any:
        """Sends a request, and gives the answer's JSON or None.

        `limit` is in seconds, for an answer that does not come.
        """
        headers = {"Authorization": f"Bearer {self._token}"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=limit)
        try:
            connection.request(method, f"/control{path}", data, headers)
            response = connection.getresponse()
            text = response.read()
        except OSError as error:
            raise MockError(
                f"the mock does not answer to {method} /control{path} ({error}); was it stopped?",
                0,
                {},
            ) from error
        finally:
            connection.close()
        if response.status >= 400:
            answer = json.loads(text) if text else {"error": response.reason}
            raise MockError(answer["error"], response.status, answer)
        return json.loads(text) if text else None
