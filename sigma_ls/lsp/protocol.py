"""pygls' JSON-RPC dispatch with the edges that a server in daily use needs (each has a test that shows why).

A request is always answered, whatever is wrong with it: pygls 2.1.1 stays silent when parameters do not fit their type.
Bodies are read and written here as plain JSON; what is read often or is not lsprotocol's stays a plain dictionary.
This module and `sigma_ls.lsp.serve` are the only ones that lean on pygls' insides.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from cattrs import transform_error
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcInvalidRequest, JsonRpcParseError
from pygls.protocol import LanguageServerProtocol

from sigma_ls.app.wire import WireError, camel
from sigma_ls.lsp.trace import Direction

log = logging.getLogger(__name__)

Json = Any
"""A JSON value as `json` reads it."""

Handler = Callable[..., Any]

RAW: Final = frozenset(
    {
        types.INITIALIZE,  # its type alone is a fifth of all classes
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_CLOSE,
        types.TEXT_DOCUMENT_DID_SAVE,
        types.WORKSPACE_EXECUTE_COMMAND,
        types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.TEXT_DOCUMENT_COMPLETION,
        types.TEXT_DOCUMENT_HOVER,
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.TEXT_DOCUMENT_DEFINITION,
        types.TEXT_DOCUMENT_REFERENCES,
        types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT,
        types.TEXT_DOCUMENT_PREPARE_RENAME,
        types.TEXT_DOCUMENT_RENAME,
        types.TEXT_DOCUMENT_DOCUMENT_LINK,
        types.TEXT_DOCUMENT_FOLDING_RANGE,
        types.TEXT_DOCUMENT_SELECTION_RANGE,
    }
)
"""Standard methods whose handlers take the parameters as they came."""

_REPLACED: Final = (
    types.INITIALIZE,
    types.INITIALIZED,
    types.SHUTDOWN,
    types.EXIT,
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
)
"""pygls' own handlers that ours stand in for: they keep texts, folders and progress that we keep ourselves."""


class NotInitialized(JsonRpcException):
    """A request came before `initialize`."""

    CODE = -32002
    MESSAGE = "the server has not been initialized"


class RequestFailed(JsonRpcException):
    """A request was understood and refused; `data.code` says why to a program."""

    CODE = -32803  # LSP 3.17, RequestFailed

    def __init__(self, code: str, message: str) -> None:
        from sigma_ls.lsp.messages import Refusal  # noqa: PLC0415 - most conversations refuse nothing

        super().__init__(message, data={"code": Refusal(code).code})


class SigmaProtocol(LanguageServerProtocol):
    """One conversation with an editor."""

    def __init__(self, server: Any, converter: Any) -> None:
        super().__init__(server, converter)
        for method in _REPLACED:
            del self.fm.builtin_features[method]
        self.send: Callable[[bytes], None] = _discard
        self.traced: Callable[[Direction, dict[str, Json]], None] = trace_nothing
        self.initialized = False
        self.ended = False
        """Whether `shutdown` was asked for."""
        # Made once: `json.dumps` would make one for each message.
        encoder = json.JSONEncoder(default=self._serialize_message, ensure_ascii=False, separators=(",", ":"))
        self._encode = encoder.encode
        self._did_change: Handler | None = None
        self._asked: dict[str, asyncio.Future[Json]] = {}

    def handle(self, method: str) -> Callable[[Handler], Handler]:
        """Register the handler of a method: a function is called in order, a coroutine becomes a task."""
        register: Callable[[Handler], Handler] = self.fm.feature(method)

        def keep(handler: Handler) -> Handler:
            if method == types.TEXT_DOCUMENT_DID_CHANGE:
                self._did_change = handler
            return register(handler)

        return keep

    # --- from the editor ---------------------------------------------------------------------------------------------

    def receive(self, body: bytes) -> None:
        """Handle one message.  Never raises."""
        try:
            message = json.loads(body)
        except ValueError as error:
            self._refuse(None, JsonRpcParseError(f"the message is not JSON: {error}"))
            return
        except RecursionError:
            self._refuse(None, JsonRpcParseError("the message is nested too deeply"))
            return
        del body  # Of a large text, a megabyte that its analysis has better use for.
        if not isinstance(message, dict) or not isinstance(message.get("method", ""), str):
            self._refuse(None, JsonRpcInvalidRequest("a message is one object, with a text as its method"))
            return
        self.traced("from the editor", message)
        if "method" not in message:
            self._take_answer(message)
            return
        try:
            self._take_call(message, message["method"])
        except JsonRpcException as error:
            self._refuse_or_log(message, error)
        except Exception:
            log.exception("%s failed", message["method"])
            self._refuse_or_log(message, JsonRpcException(f"internal error in {message['method']}"))

    def _take_call(self, message: dict[str, Json], method: str) -> None:
        is_request = "id" in message
        if is_request and not _is_id(message["id"]):
            raise JsonRpcInvalidRequest("the id of a request is a text or a whole number")
        if method == types.CANCEL_REQUEST:
            self._cancel(message.get("params"))
        elif method == types.EXIT and not is_request:
            self._handle_notification(method, None)
        elif self.ended:
            raise JsonRpcInvalidRequest("the server is shutting down")
        elif not self.initialized and method != types.INITIALIZE:
            raise NotInitialized
        elif method == types.TEXT_DOCUMENT_DID_CHANGE and self._did_change is not None and not is_request:
            # At each keystroke pygls would find out anew what kind of function this is: 0.1 ms.
            try:
                self._did_change(message.get("params"))
            except WireError as error:
                log.error("a notification was ignored: %s", error)  # noqa: TRY400 - the sender's fault, not ours
        elif is_request:
            self._handle_request(message["id"], method, self._parameters(method, message.get("params")))
        else:
            self._handle_notification(method, self._parameters(method, message.get("params")))

    def _parameters(self, method: str, params: Json) -> Any:
        """The parameters as the method's handler takes them."""
        cls: Any = types.METHOD_TO_TYPES.get(method, (None, None, None))[2]
        if method in RAW or cls is None:
            return params
        if method not in self.fm.features and method not in self.fm.builtin_features:
            return params  # There is no handler; what does not fit need not be said.
        try:
            return self._converter.structure(params, cls)
        except Exception as error:
            raise JsonRpcInvalidParams("; ".join(_in_camel_case(line) for line in transform_error(error))) from error

    def _cancel(self, params: Json) -> None:
        msg_id = params.get("id") if isinstance(params, dict) else None
        if _is_id(msg_id) and msg_id in self._request_futures:
            self._handle_cancel_notification(msg_id)

    def _take_answer(self, message: dict[str, Json]) -> None:
        msg_id = message.get("id")
        future = self._asked.pop(msg_id, None) if isinstance(msg_id, str) else None
        if future is None or future.done():
            log.debug("an answer to nothing that was asked: %r", msg_id)
        elif (error := message.get("error")) is not None:
            text = error.get("message") if isinstance(error, dict) else error
            future.set_exception(JsonRpcException(f"the editor refused: {text}"))
        else:
            future.set_result(message.get("result"))

    # --- to the editor -----------------------------------------------------------------------------------------------

    def notify(self, method: str, params: Any | None = None) -> None:
        """Send a notification; `params` is plain JSON or lsprotocol's."""
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    async def ask(self, method: str, params: Any | None = None) -> Json:
        """Send a request and wait for its result, as plain JSON.

        Raises:
            JsonRpcException: the editor refuses.
        """
        msg_id = str(uuid.uuid4())
        future = self._asked[msg_id] = asyncio.get_running_loop().create_future()
        self._send_data({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params})
        try:
            return await future
        except asyncio.CancelledError:
            self.notify(types.CANCEL_REQUEST, {"id": msg_id})
            raise
        finally:
            self._asked.pop(msg_id, None)

    def _send_data(self, data: Any) -> None:
        self.traced("to the editor", data)
        self.send(self._encode(data).encode())

    def _send_response(self, msg_id: Any, result: Any | None = None, error: types.ResponseError | None = None) -> None:
        answer: dict[str, Json] = {"jsonrpc": "2.0", "id": msg_id}
        if error is None:
            answer["result"] = result
        else:
            answer["error"] = {"code": error.code, "message": error.message}
            if error.data is not None:
                answer["error"]["data"] = error.data
        self._send_data(answer)

    def _send_handler_result(self, future: Future[Any], *, msg_id: Any) -> None:
        """The outcome of a request's handler; texts of unexpected errors stay in the log."""
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self._refuse(msg_id, JsonRpcException("the request was cancelled", types.LSPErrorCodes.RequestCancelled))
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, future.result())
        elif isinstance(error, WireError):
            self._refuse(msg_id, JsonRpcInvalidParams(str(error)))
        elif isinstance(error, JsonRpcException):
            self._refuse(msg_id, error)
        else:
            log.error("a request failed", exc_info=error)
            self._refuse(msg_id, JsonRpcException(f"internal error: {type(error).__name__}; the server's log has more"))

    def _check_handler_result(self, future: Future[Any]) -> None:
        """The outcome of a notification's handler: nobody waits for it."""
        if future.cancelled() or (error := future.exception()) is None:
            return
        if isinstance(error, (WireError, JsonRpcException)):
            log.error("a notification was ignored: %s", error)
        else:
            log.error("a notification's handler failed", exc_info=error)

    def _refuse(self, msg_id: Any, error: JsonRpcException) -> None:
        self._send_response(msg_id, error=error.to_response_error())

    def _refuse_or_log(self, message: dict[str, Json], error: JsonRpcException) -> None:
        if "id" in message:
            self._refuse(message["id"] if _is_id(message["id"]) else None, error)
        else:
            log.warning("%s was ignored: %s", message["method"], error)

    # --- the end -----------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Cancel what runs for requests; from now on only `exit` is heard.

        pygls 2.1.1 changes the table while it walks through it, which makes `shutdown` itself fail.
        """
        self.ended = True
        current = self.msg_id
        for msg_id, future in list(self._request_futures.items()):
            if msg_id != current:
                future.cancel()


def _discard(_: bytes) -> None:
    """Where messages go before there is an editor."""


def trace_nothing(_: Direction, message: dict[str, Json]) -> None:
    """The conversation is not logged."""


def _is_id(value: Json) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _in_camel_case(line: str) -> str:
    """The line with the path after `@` in the words of the wire."""
    text, at, path = line.rpartition(" @ ")
    return text + at + re.sub(r"(?<=\.)\w+", lambda word: camel(word[0]), path)
