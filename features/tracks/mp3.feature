Feature: Lengths of mp3 files
  The length is measured by the size of the file, unless a Xing header stands where it is looked
  for. It is often not the length that a person would measure.

  @LL-TRACKS-220 @observed
  Rule: Without a Xing header the length is that of all bytes as frames like the first
    Bytes from the first frame to the end of the file, and 8 more, divided by the average size of a
    frame of its bit rate and sampling rate: a whole number of frames. A frame counts as 1152
    samples in every version, so MPEG 2 comes out twice as long.
    Sources: docs/observed/tracks-and-sources.md#mp3

    @LL-TRACKS-220.a @needs-http-source
    Scenario Outline: <case>
      Given the media "${guild}/a.mp3" is {"mp3": <parts>}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"loadType": "track", "data": {"info": {"length": <length>, "isStream": false}, "pluginInfo": {"probeInfo": "mp3"}}}

      Examples:
        | case       | parts                                                                        | length |
        | usual      | [{"frames": 60}]                                                             | 1541   |
        | one        | [{"frames": 1}]                                                              | 26     |
        | mono       | [{"frames": 60, "mono": true}]                                               | 1541   |
        | slow       | [{"frames": 60, "kbits": 32, "rate": 32000}]                                 | 2160   |
        | fast       | [{"frames": 60, "kbits": 320, "rate": 48000}]                                | 1440   |
        | mpeg-2     | [{"frames": 60, "mpeg": 2, "kbits": 8, "rate": 22050}]                       | 3134   |
        | mpeg-2-5   | [{"frames": 60, "mpeg": 2.5, "kbits": 8, "rate": 11025, "mono": true}]       | 6164   |
        | variable   | [{"frames": 1, "kbits": 32}, {"frames": 50, "kbits": 320}]                   | 13061  |
        | zeros      | [{"zeros": 900}, {"frames": 60}]                                             | 1541   |
        | id3        | [{"id3": {"TIT2": "T"}, "size": 500}, {"frames": 60}]                        | 1541   |
        | id3-twice  | [{"id3": {}, "size": 500}, {"id3": {}, "version": 4}, {"frames": 60}]        | 1541   |
        | id3-large  | [{"id3": {"TIT2": "T"}, "size": 200000}, {"frames": 60}]                     | 1541   |
        | id3-zeros  | [{"id3": {}}, {"zeros": 1500}, {"frames": 60}]                               | 1541   |
        | at-the-end | [{"frames": 60}, {"text": "TAG"}, {"zeros": 125}]                            | 1567   |

    @LL-TRACKS-220.b @needs-http-source
    Scenario Outline: No mp3: <case>
      Given the media "${guild}/a.mp3" is {"mp3": <parts>}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case      | parts                                                                         |
        | far       | [{"zeros": 997}, {"frames": 60}]                                              |
        | far-id3   | [{"id3": {}}, {"zeros": 2045}, {"frames": 60}]                                |
        | three-id3 | [{"id3": {}}, {"id3": {}}, {"id3": {}}, {"frames": 60}]                       |
        | no-text   | [{"hex": "4944330300000000000a"}, {"hex": "54495432000000000000"}, {"frames": 60}] |

  @LL-TRACKS-221 @observed
  Rule: A whole Xing header at byte 36 of the first frame tells the number of frames
    It stands there in stereo files of MPEG 1. In mono files it stands elsewhere, and is not seen.
    Sources: docs/observed/tracks-and-sources.md#mp3

    @LL-TRACKS-221.a @needs-http-source
    Scenario Outline: <case>
      Given the media "${guild}/a.mp3" is {"mp3": [{"frames": 1, <header>}, {"frames": 99}]}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer at "/data/info/length" is <length>

      Examples:
        | case       | header                                        | length |
        | whole      | "header": "Xing", "count": 50                 | 1306   |
        | more       | "header": "Xing", "count": 50, "flags": 15    | 1306   |
        | mono-place | "header": "Xing", "count": 50, "at": 21       | 2586   |
        | mono       | "header": "Xing", "count": 50, "at": 21, "mono": true | 2586   |
        | no-table   | "header": "Xing", "count": 50, "flags": 3     | 2586   |
        | no-frames  | "header": "Xing", "count": 50, "flags": 6     | 2586   |
        | info       | "header": "Info", "count": 50                 | 2586   |
        | vbri       | "header": "VBRI", "count": 50, "at": 32       | 2586   |

    @LL-TRACKS-221.b @needs-http-source
    Scenario Outline: A file of unknown size, <case>
      Given the media "${guild}/a.mp3" is {"mp3": <parts>, "unsized": true}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"data": {"info": {"length": <length>, "isStream": <stream>}}}

      Examples:
        | case   | parts                                                          | length              | stream |
        | xing   | [{"frames": 1, "header": "Xing", "count": 50}, {"frames": 99}] | 1306                | false  |
        | none   | [{"frames": 100}]                                              | 9223372036854775807 | true   |
        | tagged | [{"id3": {"TIT2": "T"}, "size": 500}, {"frames": 100}]         | 9223372036854775807 | true   |

  @LL-TRACKS-222 @observed
  Rule: Up to two frames with Info or LAME at byte 36 are not the first
    The next frame tells bit rate and sampling rate.
    Sources: docs/observed/tracks-and-sources.md#mp3

    @LL-TRACKS-222.a @needs-http-source
    Scenario Outline: <case>
      Given the media "${guild}/a.mp3" is {"mp3": [{"frames": <count>, "header": "<name>"}, {"frames": 100, "kbits": 320}]}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer at "/data/info/length" is <length>

      Examples:
        | case  | count | name | length |
        | info  | 1     | Info | 2612   |
        | lame  | 1     | LAME | 2612   |
        | two   | 2     | Info | 2612   |
        | three | 3     | Info | 6582   |
        | vbri  | 1     | VBRI | 6530   |

  @LL-TRACKS-270 @observed
  Rule: Tags of an mp3 are read in each encoding that ID3 has
    A zero at their end is no part of them.
    Sources: docs/observed/tracks-and-sources.md#mp3

    @LL-TRACKS-270.a @needs-http-source
    Scenario Outline: <case>
      Given the media "${guild}/a.mp3" is {"mp3": [{"id3": {"TIT2": "<title>", "TPE1": "Bjéla"}, "version": <version>, "encoding": "<encoding>"}, {"frames": 60}]}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "<title>", "author": "Bjéla", "length": 1541}}}
      Given the answer at "/data/encoded" is remembered as "track"
      Then the encoded track "${track}" reads as {"title": "<title>", "author": "Bjéla"}

      Examples:
        | case          | version | encoding              | title        |
        | latin         | 3       | ISO-8859-1            | Übermäßig é  |
        | little-endian | 3       | UTF-16, little-endian | Ü 中 𝄞      |
        | big-endian    | 3       | UTF-16, big-endian    | Ü 中 𝄞      |
        | unmarked      | 4       | UTF-16BE              | Ü 中 𝄞      |
        | utf-8         | 4       | UTF-8                 | Ü 中 𝄞      |

    @LL-TRACKS-270.b @needs-http-source
    Scenario Outline: The tag <case>
      Given the media "${guild}/a.mp3" is {"mp3": <parts>, "unsized": <unsized>}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "<title>"}}}

      Examples:
        | case                      | unsized | title         | parts                                       |
        | without anything after it | false   | ab            | [{"hex": "4944330300000000000d"}, {"hex": "5449543200000003000003"}, {"text": "ab"}, {"frames": 60}] |
        | that ends in a stream     | true    | ab            | [{"hex": "4944330300000000000d"}, {"hex": "5449543200000003000003"}, {"text": "ab"}, {"frames": 60}] |
        | of version 5              | false   | Unknown title | [{"hex": "4944330500000000000d"}, {"hex": "5449543200000003000003"}, {"text": "ab"}, {"frames": 60}] |
        | with an extended header   | false   | ab            | [{"hex": "49443304004000000021"}, {"hex": "0000000601005449543200000003000003"}, {"text": "ab"}, {"zeros": 14}, {"frames": 60}] |
        | that is compressed        | false   | Unknown title | [{"hex": "49443304000000000021"}, {"hex": "5449543200000003000803"}, {"text": "ab"}, {"zeros": 20}, {"frames": 60}] |

    @LL-TRACKS-270.c @needs-http-source
    Scenario: The names that version 2.2 has for them
      Given the media "${guild}/a.mp3" is {"mp3": [{"id3": {"TT2": "Title", "TP1": "Artist"}, "version": 2}, {"frames": 60}]}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "Title", "author": "Artist"}}}

    @LL-TRACKS-270.d @needs-http-source
    Scenario: An ISRC
      Given the media "${guild}/a.mp3" is {"mp3": [{"id3": {"TSRC": "USABC1234567"}}, {"frames": 60}]}
      When the client loads "${media}/${guild}/a.mp3"
      Then the answer contains {"loadType": "track", "data": {"info": {"isrc": "USABC1234567"}}}
