//! Of `features/websocket`.

switches! {
    WEBSOCKET_022_DASHES = "LL-WEBSOCKET-022/dashes", "a session id has a dash";
    WEBSOCKET_022_LONG = "LL-WEBSOCKET-022/long", "a session id has 32 characters";
    WEBSOCKET_023_SAME = "LL-WEBSOCKET-023/same", "all sessions have the same id";
}
