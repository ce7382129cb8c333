//! Of `features/http`.

switches! {
    HTTP_076_REVERSED = "LL-HTTP-076/reversed", "the filters are in reverse order";
    HTTP_076_SORTED = "LL-HTTP-076/sorted", "the filters are sorted by name";
    HTTP_076_VOLUME_LAST = "LL-HTTP-076/volume-last", "volume is the last filter";
}
