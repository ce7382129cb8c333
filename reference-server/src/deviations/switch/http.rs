//! Connections.

switches! {
    HTTP_345_CUT_OFF = "LL-HTTP-345/cut-off", "a client that has ended its side gets no answer";
}
