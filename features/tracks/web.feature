Feature: Tracks of the web
  What a URL leads to: redirects, lists, radio stations, and URLs that are none.

  @LL-TRACKS-210 @observed
  Rule: After a redirect identifier and uri are the URL that it led to
    A client that keeps tracks by their identifier does not find the URL that was asked for.
    Sources: docs/observed/tracks-and-sources.md#redirects

    @LL-TRACKS-210.a @needs-http-source
    Scenario Outline: A <status> to a file
      Given the media "${guild}/tone.wav" is {"file": "tone.wav"}
      And the media "${guild}/a" is {"status": <status>, "headers": {"Location": "/${guild}/tone.wav"}}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/${guild}/tone.wav", "uri": "${media}/${guild}/tone.wav", "length": 1000}}}

      Examples:
        | case  | status |
        | 301   | 301    |
        | 302   | 302    |
        | 303   | 303    |
        | 307   | 307    |

    @LL-TRACKS-210.b @needs-http-source
    Scenario Outline: The Location "<case>"
      Given the media "${guild}/tone.wav" is {"file": "tone.wav"}
      And the media "${guild}/a" is {"status": 302, "headers": {"Location": "<location>"}}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/${guild}/<path>"}}}

      Examples:
        | case     | location                     | path            |
        | whole    | ${media}/${guild}/tone.wav   | tone.wav        |
        | name     | tone.wav                     | tone.wav        |
        | dots     | ./x/../tone.wav              | tone.wav        |
        | query    | tone.wav?a=b                 | tone.wav?a=b    |
        | fragment | tone.wav#a                   | tone.wav#a      |

    @LL-TRACKS-210.c @needs-http-source
    Scenario Outline: The Location "<case>" leads nowhere
      Given the media "${guild}/a" is {"status": 302, "headers": {"Location": "<location>"}}
      When the client loads "${media}/${guild}/a"
      Then the answer is {"loadType": "empty", "data": null}

      Examples:
        | case    | location            |
        | missing | missing.mp3         |
        | nothing |                     |
        | ftp     | ftp://127.0.0.1/a   |
        | nobody  | ftp:///a            |
        | case    | HTTP://127.0.0.1:1/ |
        | search  | nosearch:x          |

    @LL-TRACKS-210.d @needs-http-source
    Scenario Outline: The Location "<case>" is no URL
      Given the media "${guild}/a" is {"status": 302, "headers": {"Location": "<location>"}}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case    | location |
        | blank   | /a b     |
        | brace   | /a{b     |
        | colons  | ::::     |
        | ftp     | ftp://127.0.0.1/a b |
        | scheme  | 1x:y     |
        | blanks  | a b:c    |
        | low     | x_y:z    |
        | percent | /a%zz    |

  @LL-TRACKS-211 @observed
  Rule: Other redirects and those without a Location are errors
    308 too, although others follow it.
    Sources: docs/observed/tracks-and-sources.md#redirects

    @LL-TRACKS-211.a @needs-http-source
    Scenario Outline: A <status>
      Given the media "${guild}/tone.wav" is {"file": "tone.wav"}
      And the media "${guild}/a" is {"status": <status>, "headers": {"Location": "/${guild}/tone.wav"}}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case | status |
        | 300  | 300    |
        | 304  | 304    |
        | 305  | 305    |
        | 308  | 308    |

    @LL-TRACKS-211.b @needs-http-source
    Scenario Outline: A <status> without a Location
      Given the media "${guild}/a" is {"status": <status>}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case | status |
        | 301  | 301    |
        | 302  | 302    |

  @LL-TRACKS-212 @observed
  Rule: Only 200, 203 and 206 have media
    Sources: docs/observed/tracks-and-sources.md#redirects

    @LL-TRACKS-212.a @needs-http-source
    Scenario Outline: A file with <status>
      Given the media "${guild}/a" is {"status": <status>, "file": "tone.wav"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "<type>"}

      Examples:
        | case | status | type  |
        | 200  | 200    | track |
        | 203  | 203    | track |
        | 206  | 206    | track |
        | 201  | 201    | error |
        | 202  | 202    | error |
        | 226  | 226    | error |
        | 404  | 404    | empty |
        | 410  | 410    | error |

  @LL-TRACKS-213 @observed
  Rule: Four redirects or lists are followed; with more there is nothing
    Lists and redirects count together. A loop is no error.
    Sources: docs/observed/tracks-and-sources.md#redirects

    @LL-TRACKS-213.a @needs-http-source
    Scenario Outline: <count> redirects
      Given the media "${guild}/0" is {"file": "tone.wav"}
      And the media "${guild}/1" is {"status": 302, "headers": {"Location": "0"}}
      And the media "${guild}/2" is {"status": 302, "headers": {"Location": "1"}}
      And the media "${guild}/3" is {"text": "${media}/${guild}/2"}
      And the media "${guild}/4" is {"status": 302, "headers": {"Location": "3"}}
      And the media "${guild}/5" is {"status": 302, "headers": {"Location": "4"}}
      When the client loads "${media}/${guild}/<count>"
      Then the answer contains {"loadType": "<type>"}

      Examples:
        | case | count | type  |
        | four | 4     | track |
        | five | 5     | empty |

    @LL-TRACKS-213.b @needs-http-source
    Scenario: A loop
      Given the media "${guild}/a" is {"status": 302, "headers": {"Location": "a"}}
      When the client loads "${media}/${guild}/a"
      Then the answer is {"loadType": "empty", "data": null}

  @LL-TRACKS-214 @observed
  Rule: The title that a list gives is lost in a redirect
    Sources: docs/observed/tracks-and-sources.md#redirects

    @LL-TRACKS-214.a @needs-http-source
    Scenario Outline: A list that leads to <case>
      Given the media "${guild}/file" is {"file": "tone.wav"}
      And the media "${guild}/redirect" is {"status": 302, "headers": {"Location": "file"}}
      And the media "${guild}/list" is {"text": "[playlist]\nFile1=${media}/${guild}/<case>\nTitle1=Of the list\n"}
      When the client loads "${media}/${guild}/list"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "<title>"}}}

      Examples:
        | case     | title         |
        | file     | Of the list   |
        | redirect | Unknown title |

  @LL-TRACKS-230 @observed
  Rule: A playlist of segments or variants is a stream (HLS)
    It is a track itself: the first URL in it is not looked at.
    Sources: docs/observed/tracks-and-sources.md#lists

    @LL-TRACKS-230.a @needs-http-source
    Scenario Outline: A playlist with "<case>"
      Given the media "${guild}/a.m3u8" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a.m3u8"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/${guild}/a.m3u8", "uri": "${media}/${guild}/a.m3u8", "isStream": true, "isSeekable": false, "length": 9223372036854775807, "title": "Unknown title", "author": "Unknown artist"}, "pluginInfo": {"probeInfo": "m3u|hls-outer"}}}

      Examples:
        | case     | text                                                                       |
        | segments | #EXTM3U\\n#EXT-X-TARGETDURATION:10\\n#EXTINF:10,\\na.ts\\n#EXT-X-ENDLIST\\n       |
        | variants | #EXTM3U\\n#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS=\\"mp4a.40.2\\"\\na.m3u8\\n   |
        | between  | #EXTM3U\\n#EXT-X-STREAM-INF:BANDWIDTH=128000\\n#EXT-X-A:B\\n\\na.m3u8\\n          |
        | headless | #EXTINF:10,\\na.ts\\n                                                        |
        | one      | #EXTM3U\\r\\n#EXTINF:-1,A Station\\r\\n${media}/tone.wav\\r\\n                   |

  @LL-TRACKS-231 @observed
  Rule: Another m3u leads to the first URL in it
    An entry with a title (EXTINF) makes it a stream (LL-TRACKS-230).
    Sources: docs/observed/tracks-and-sources.md#lists

    @LL-TRACKS-231.a @needs-http-source
    Scenario Outline: An m3u, "<case>"
      Given the media "${guild}/a" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/tone.wav", "length": 1000, "title": "Unknown title"}, "pluginInfo": {"probeInfo": "wav"}}}

      Examples:
        | case     | text                                                           |
        | plain    | #EXTM3U\\n${media}/tone.wav\\n                                   |
        | crlf     | #EXTM3U\\r\\n\\r\\n  ${media}/tone.wav  \\r\\n${media}/tone.flac\\r\\n |
        | relative | #EXTM3U\\ntone.mp3\\n# no URL\\n${media}/tone.wav                 |

    @LL-TRACKS-231.b @needs-http-source
    Scenario Outline: An m3u without a URL, "<case>"
      Given the media "${guild}/a" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case     | text                                    |
        | empty    | #EXTM3U\\n                               |
        | relative | #EXTM3U\\ntone.wav\\n                     |
        | ftp      | #EXTM3U\\nftp://127.0.0.1/a\\n            |
        | late     | \\n#EXTM3U\\n${media}/tone.wav\\n          |
        | title    | #EXTM3U\\n#EXTINF:1,A title\\n            |

  @LL-TRACKS-232 @observed
  Rule: A pls leads to a file in it, whose title it may give
    A title in the file itself counts more.
    Sources: docs/observed/tracks-and-sources.md#lists

    @LL-TRACKS-232.a @needs-http-source
    Scenario Outline: A pls, "<case>"
      Given the media "${guild}/a" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/<name>", "uri": "${media}/<name>", "title": "<title>"}}}

      Examples:
        | case      | text                                                                                  | name       | title         |
        | titled    | [playlist]\\nNumberOfEntries=1\\nFile1=${media}/tone.wav\\nTitle1=A title\\nLength1=-1\\nVersion=2\\n | tone.wav   | A title       |
        | untitled  | [playlist]\\nFile1=${media}/tone.wav\\n                                                 | tone.wav   | Unknown title |
        | tagged    | [playlist]\\nFile1=${media}/tagged.mp3\\nTitle1=A title\\n                               | tagged.mp3 | Tagged Title  |
        | capital   | [Playlist]\\r\\nFile1=${media}/tone.wav\\r\\nTitle1=A title\\r\\n                           | tone.wav   | A title       |
        | first     | [playlist]\\nFile2=${media}/tone.flac\\nFile1=${media}/tone.wav\\nTitle1=One\\nTitle2=Two\\n | tone.wav   | One           |
        | in-order  | [playlist]\\nFile1=${media}/tone.wav\\nFile2=${media}/tone.flac\\nTitle1=One\\nTitle2=Two\\n | tone.wav   | One           |

    @LL-TRACKS-232.c @needs-http-source
    Scenario Outline: Of many the one that is first in a hash table of Java: <case>
      Given the media "${guild}/a" is {"text": "[playlist]\n<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"data": {"info": {"identifier": "${media}/tone.wav?name=<first>"}}}

      Examples:
        | case | first | text |
        | twelve | 0 | File0=${media}/tone.wav?name=0\\nFile1=${media}/tone.wav?name=1\\nFile2=${media}/tone.wav?name=2\\nFile3=${media}/tone.wav?name=3\\nFile4=${media}/tone.wav?name=4\\nFile5=${media}/tone.wav?name=5\\nFile6=${media}/tone.wav?name=6\\nFile7=${media}/tone.wav?name=7\\nFile8=${media}/tone.wav?name=8\\nFile9=${media}/tone.wav?name=9\\nFile10=${media}/tone.wav?name=10\\nFile11=${media}/tone.wav?name=11\\n |
        | thirteen | 11 | File0=${media}/tone.wav?name=0\\nFile1=${media}/tone.wav?name=1\\nFile2=${media}/tone.wav?name=2\\nFile3=${media}/tone.wav?name=3\\nFile4=${media}/tone.wav?name=4\\nFile5=${media}/tone.wav?name=5\\nFile6=${media}/tone.wav?name=6\\nFile7=${media}/tone.wav?name=7\\nFile8=${media}/tone.wav?name=8\\nFile9=${media}/tone.wav?name=9\\nFile10=${media}/tone.wav?name=10\\nFile11=${media}/tone.wav?name=11\\nFile12=${media}/tone.wav?name=12\\n |
        | large numbers | 60000 | File60000=${media}/tone.wav?name=60000\\nFile12345=${media}/tone.wav?name=12345\\n |

    @LL-TRACKS-232.b @needs-http-source
    Scenario Outline: A pls without a file, "<case>"
      Given the media "${guild}/a" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case     | text                                     |
        | empty    | [playlist]\\n                             |
        | relative | [playlist]\\nFile1=tone.wav\\n             |
        | case     | [playlist]\\nfile1=${media}/tone.wav\\n    |
        | head     | [PLAYLIST]\\nFile1=${media}/tone.wav\\n    |
        | nameless | [playlist]\\nFile=${media}/tone.wav\\n     |
        | letter   | [playlist]\\nFilea=${media}/tone.wav\\n    |

  @LL-TRACKS-233 @observed
  Rule: A text that begins with a URL leads there
    Sources: docs/observed/tracks-and-sources.md#lists

    @LL-TRACKS-233.a @needs-http-source
    Scenario Outline: A text, "<case>"
      Given the media "${guild}/a" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/tone.wav", "length": 1000}}}

      Examples:
        | case  | text                                       |
        | alone | ${media}/tone.wav                          |
        | lines | ${media}/tone.wav\\r\\n${media}/tone.flac\\r\\n |

    @LL-TRACKS-233.b @needs-http-source
    Scenario Outline: Another text, "<case>"
      Given the media "${guild}/a" is {"text": "<text>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case  | text                      |
        | later | see\\n${media}/tone.wav    |
        | more  | ${media}/tone.wav is good |
        | blank | ${media}/tone.wav\\u0020  |
        | empty |                           |
        | html  | <html></html>             |

  @LL-TRACKS-240 @observed
  Rule: A URL with a character in it that it may not have is an error
    Nobody is asked for it. Escaped, the same is a URL like any other.
    Sources: docs/observed/tracks-and-sources.md#urls

    @LL-TRACKS-240.a @needs-http-source
    Scenario Outline: A URL with "<case>"
      When the client requests "GET /v4/loadtracks?identifier=${media}/tone.wav<escaped>"
      Then the answer contains {"loadType": "error", "data": {"severity": "fault"}}

      Examples:
        | case      | escaped   |
        | blank     | %20a      |
        | last      | %20       |
        | newline   | %0A       |
        | tab       | %09a      |
        | bar       | %7Ca      |
        | brace     | %7Ba      |
        | caret     | %5Ea      |
        | backslash | %5Ca      |
        | quote     | %22a      |
        | percent   | %25zz     |
        | one-digit | %254z     |
        | bracket   | %5Ba%5D   |
        | hashes    | %23a%23b  |
        | nul       | %00       |
        | no-break  | %C2%A0    |

    @LL-TRACKS-240.b @needs-http-source
    Scenario Outline: A URL with "<case>"
      When the client loads "${media}/tone.wav<more>"
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${media}/tone.wav<more>", "uri": "${media}/tone.wav<more>"}}}

      Examples:
        | case     | more           |
        | escaped  | ?name=a%20%7Cb |
        | brackets | ?name=a[]      |
        | fragment | #t=5           |
        | letters  | ?name=é😀      |

  @LL-TRACKS-241 @observed
  Rule: http, https and icy are the schemes of the web, in small letters
    icy is http under another name; the track has it as http.
    Sources: docs/observed/tracks-and-sources.md#urls

    @LL-TRACKS-241.a @needs-http-source
    Scenario: icy
      Given the media "${guild}/list" is {"text": "#EXTM3U\nicy://127.0.0.1:1/none\n"}
      When the client loads "icy://127.0.0.1:1/none"
      Then the answer contains {"loadType": "error"}
      When the client loads "${media}/${guild}/list"
      Then the answer contains {"loadType": "error"}

    @LL-TRACKS-241.b @needs-http-source
    Scenario Outline: <identifier>
      When the client loads "<identifier>"
      Then the answer is {"loadType": "empty", "data": null}

      Examples:
        | case    | identifier             |
        | capital | HTTP://127.0.0.1:1/a   |
        | mixed   | Http://127.0.0.1:1/a   |
        | icy     | ICY://127.0.0.1:1/a    |
        | ftp     | ftp://127.0.0.1:1/a    |
        | slash   | http:/127.0.0.1:1/a    |
        | blank   | %20http://127.0.0.1:1/ |

  @LL-TRACKS-250 @observed
  Rule: A radio station's description and name are title and author
    icy-description is the title, or else icy-url; icy-name is the author. Tags count more, a list's
    title less. Wave files are named by nobody.
    Sources: docs/observed/tracks-and-sources.md#radio-stations

    @LL-TRACKS-250.a @needs-http-source
    Scenario Outline: A station with "<case>"
      Given the media "${guild}/a" is {"headers": <headers>, "mp3": [{"frames": 60}], "unsized": true}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "<title>", "author": "<author>", "isStream": true}}}

      Examples:
        | case    | headers                                                                    | title         | author         |
        | all     | {"icy-name": "N", "icy-description": "D", "icy-url": "http://127.0.0.1/"}  | D             | N              |
        | name    | {"icy-name": "N"}                                                          | Unknown title | N              |
        | url     | {"icy-url": "http://127.0.0.1/"}                                           | http://127.0.0.1/ | Unknown artist |
        | empty   | {"icy-name": "", "icy-description": ""}                                    |               |                |
        | latin-1 | {"icy-name": "é"}                                                          | Unknown title | é              |
        | genre   | {"icy-genre": "G"}                                                         | Unknown title | Unknown artist |

    @LL-TRACKS-250.b @needs-http-source
    Scenario Outline: A file with "<case>"
      Given the media "${guild}/a" is {"headers": {"icy-name": "N", "icy-description": "D"}, "file": "<file>"}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "<title>", "author": "<author>"}}}

      Examples:
        | case    | file       | title         | author         |
        | tags    | tagged.mp3 | Tagged Title  | Tagged Artist  |
        | nothing | tone.flac  | D             | N              |
        | wave    | tone.wav   | Unknown title | Unknown artist |

    @LL-TRACKS-250.c @needs-http-source
    Scenario: A station in a list
      Given the media "${guild}/a" is {"headers": {"icy-description": "D"}, "mp3": [{"frames": 60}]}
      And the media "${guild}/list" is {"text": "[playlist]\nFile1=${media}/${guild}/a\nTitle1=Of the list\n"}
      When the client loads "${media}/${guild}/list"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "D"}}}

  @LL-TRACKS-251 @observed
  Rule: A file is read at any of its places, though its server does not say that it has ranges
    The index of an m4a may stand at its end.
    Sources: docs/observed/tracks-and-sources.md#servers-that-do-not-mention-ranges

    @LL-TRACKS-251.a @needs-http-source
    Scenario: An index at the end
      Given the media "${guild}/tone.m4a" is {"file": "tone.m4a", "ranges": "unsaid"}
      When the client loads "${media}/${guild}/tone.m4a"
      Then the answer contains {"loadType": "track", "data": {"info": {"isSeekable": true, "isStream": false}, "pluginInfo": {"probeInfo": "mp4"}}}

  @LL-TRACKS-252 @observed
  Rule: Nothing stands before the first bytes of wave, flac, Ogg, mp4 and Matroska
    Tags of mp3 before them do not help either.
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-252.a @needs-http-source
    Scenario Outline: Ten zeros before a <name>
      Given the media "${guild}/a" is {"file": "<name>", "zeros": 10}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

      Examples:
        | case | name      |
        | wav  | tone.wav  |
        | flac | tone.flac |
        | ogg  | tone.ogg  |
        | webm | tone.webm |

    @LL-TRACKS-252.b @twin @needs-http-source
    Scenario: Nothing before a flac
      Given the media "${guild}/a" is {"file": "tone.flac", "zeros": 0}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track"}

  @LL-TRACKS-253 @observed
  Rule: Raw AAC is recognised within the first thousand bytes
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-253.a @needs-http-source
    Scenario: 997 zeros before it
      Given the media "${guild}/a" is {"file": "tone.aac", "zeros": 997}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "error"}

    @LL-TRACKS-253.c @needs-http-source
    Scenario Outline: A header of "<hex>" and no more
      Given the media "${guild}/a" is {"mp3": [{"hex": "<hex>"}]}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "<type>"}

      Examples:
        | case               | hex                | type  |
        | whole              | fff14c40109ffc     | track |
        | cut-off            | fff14c40109f       | error |
        | no-checksum        | fff04c40109ffc     | error |
        | half-a-checksum    | fff04c40109ffc00   | error |
        | checksum           | fff04c40109ffc0000 | track |
        | mpeg-2             | fff94c40109ffc     | track |
        | another-layer      | fff34c40109ffc     | error |
        | no-rate            | fff17440109ffc     | error |
        | no-channels        | fff14c00109ffc     | error |
        | eight-channels     | fff14d00109ffc     | track |
        | two-frames         | fff14c40109ffd     | error |

    @LL-TRACKS-253.b @twin @needs-http-source
    Scenario: 900 zeros before it
      Given the media "${guild}/a" is {"file": "tone.aac", "zeros": 900}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"isStream": true}, "pluginInfo": {"probeInfo": "adts"}}}

  @LL-TRACKS-254 @observed
  Rule: An Ogg file that is cut off is a stream
    Its length stands at its end.
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-254.a @needs-http-source
    Scenario: 64 bytes
      Given the media "${guild}/a" is {"file": "tone.ogg", "first": 64}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"isStream": true, "isSeekable": false, "length": 9223372036854775807}, "pluginInfo": {"probeInfo": "ogg"}}}

    @LL-TRACKS-254.b @needs-http-source
    Scenario: One of unknown size
      Given the media "${guild}/a" is {"file": "tone.ogg", "unsized": true}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"isStream": true, "isSeekable": false, "length": 9223372036854775807}, "pluginInfo": {"probeInfo": "ogg"}}}

  @LL-TRACKS-255 @observed
  Rule: A transport stream over HTTP passes for raw AAC
    As there are headers of that in it. A segment of a stream over HTTP by itself is one.
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-255.a @needs-http-source
    Scenario: One that FFmpeg has made
      Given the media "${guild}/a.ts" is {"file": "tone.ts"}
      When the client loads "${media}/${guild}/a.ts"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "Unknown title", "isStream": true}, "pluginInfo": {"probeInfo": "adts"}}}

  @LL-TRACKS-401 @observed
  Rule: Title and author of flac, Ogg and mp4 are the last tags of their names, as they stand
    With blanks around them, and though nothing is in them. An ISRC is read in Ogg alone.
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-401.a @needs-http-source
    Scenario Outline: Comments of <case>
      Given the media "${guild}/a" is {"mp3": <parts>}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"title": <title>, "author": <author>, "isrc": <isrc>}}}

      Examples:
        | case | title | author | isrc | parts |
        | a flac, plain | "Ti" | "Au" | null | [{"hex": "664c614300000022100010000000000000000ac442f0000010000000000000000000000000000000000084000037010000007403000000080000005449544c453d5469090000004152544953543d417511000000495352433d555341424331323334353637fff8c91800c2000000000000b8ee"}] |
        | an Ogg file, plain | "Ti" | "Au" | "USABC1234567" | [{"hex": "4f6767530002000000000000000007000000000000009ff645aa01134f707573486561640102380180bb00000000004f67675300000000000000000000070000000100000067cd9c29013f4f70757354616773010000007403000000080000005449544c453d5469090000004152544953543d417511000000495352433d5553414243313233343536374f6767530004800700000000000007000000020000006dfba294020303fcfffefcfffe"}] |
        | a flac, twice | "Two" | "B" | null | [{"hex": "664c614300000022100010000000000000000ac442f000001000000000000000000000000000000000008400003b010000007404000000090000005449544c453d4f6e65090000005449544c453d54776f080000004152544953543d41080000004152544953543d42fff8c91800c2000000000000b8ee"}] |
        | an Ogg file, twice | "Two" | "B" | null | [{"hex": "4f6767530002000000000000000007000000000000009ff645aa01134f707573486561640102380180bb00000000004f67675300000000000000000000070000000100000040b7968301434f70757354616773010000007404000000090000005449544c453d4f6e65090000005449544c453d54776f080000004152544953543d41080000004152544953543d424f6767530004800700000000000007000000020000006dfba294020303fcfffefcfffe"}] |
        | a flac, blanks | " Ti " | "Au" | null | [{"hex": "664c614300000022100010000000000000000ac442f00000100000000000000000000000000000000000840000240100000074020000000a0000005449544c453d20546920090000006172746973743d4175fff8c91800c2000000000000b8ee"}] |
        | an Ogg file, blanks | " Ti " | "Au" | null | [{"hex": "4f6767530002000000000000000007000000000000009ff645aa01134f707573486561640102380180bb00000000004f676753000000000000000000000700000001000000a8e6520c012c4f707573546167730100000074020000000a0000005449544c453d20546920090000006172746973743d41754f6767530004800700000000000007000000020000006dfba294020303fcfffefcfffe"}] |
        | a flac, empty | "" | "" | null | [{"hex": "664c614300000022100010000000000000000ac442f000001000000000000000000000000000000000008400002b010000007403000000060000005449544c453d090000004152544953543d4175070000004152544953543dfff8c91800c2000000000000b8ee"}] |
        | an Ogg file, empty | "" | "" | null | [{"hex": "4f6767530002000000000000000007000000000000009ff645aa01134f707573486561640102380180bb00000000004f676753000000000000000000000700000001000000a513b19b01334f70757354616773010000007403000000060000005449544c453d090000004152544953543d4175070000004152544953543d4f6767530004800700000000000007000000020000006dfba294020303fcfffefcfffe"}] |
        | an mp4, plain | "Ti" | "Au" | null | [{"hex": "00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002916d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c0000007175647461000000696d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000003c696c73740000001aa96e616d0000001264617461000000010000000054690000001aa9415254000000126461746100000001000000004175"}] |
        | an mp4, twice | "Two" | "B" | null | [{"hex": "00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002c56d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c000000a5756474610000009d6d657461000000000000002168646c7200000000000000006d6469726170706c00000000000000000000000070696c73740000001ba96e616d000000136461746100000001000000004f6e650000001ba96e616d0000001364617461000000010000000054776f00000019a9415254000000116461746100000001000000004100000019a94152540000001164617461000000010000000042"}] |
        | an mp4, blanks | " Ti " | "Au" | null | [{"hex": "00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002936d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c00000073756474610000006b6d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000003e696c73740000001ca96e616d00000014646174610000000100000000205469200000001aa9415254000000126461746100000001000000004175"}] |
        | an mp4, empty | "" | "" | null | [{"hex": "00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002a76d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c00000087756474610000007f6d657461000000000000002168646c7200000000000000006d6469726170706c00000000000000000000000052696c73740000001aa96e616d00000012646174610000000100000000546900000018a96e616d0000001064617461000000010000000000000018a941525400000010646174610000000100000000"}] |
        | an mp4, with an ISRC | "Ti" | "Au" | null | [{"hex": "00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002e16d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c000000c175647461000000b96d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000008c696c73740000001aa96e616d0000001264617461000000010000000054690000001aa9415254000000126461746100000001000000004175000000502d2d2d2d0000001c6d65616e00000000636f6d2e6170706c652e6954756e6573000000106e616d6500000000495352430000001c646174610000000100000000555341424331323334353637"}] |
        | an mp4, of an album | "Ti" | "Unknown artist" | null | [{"hex": "00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002916d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c0000007175647461000000696d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000003c696c73740000001aa96e616d0000001264617461000000010000000054690000001a61415254000000126461746100000001000000004175"}] |

  @LL-TRACKS-402 @observed @needs-upstream @needs-local-block @profile-load-balance
  Rule: What a search finds and a video have the title, the author and the length that they are told with
    Sources: docs/observed/tracks.md#load-results

    @LL-TRACKS-402.a
    Scenario: A search
      When the client searches
      Then the answer contains {"loadType": "search", "data": [{"info": {"title": "a title", "author": "an author", "length": 213000, "position": 0, "isStream": false, "isSeekable": true, "sourceName": "youtube"}}]}

    @LL-TRACKS-402.b @needs-watch
    Scenario: A video
      When the client opens a video
      Then the answer contains {"loadType": "track", "data": {"info": {"title": "a title", "author": "an author", "length": 213000, "position": 0, "isStream": false, "isSeekable": true, "sourceName": "youtube"}}}

  @LL-TRACKS-403 @observed
  Rule: What a Content-Type says a file to be is tried before its first bytes are looked at
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-403.a @needs-http-source
    Scenario Outline: A list with frames of mp3 in it, said to be <type>
      Given the media "${guild}/a" is {"headers": {"Content-Type": "<type>"}, "mp3": [{"text": "#EXTM3U\n${media}/tone.wav\n"}, {"frames": 60}]}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"pluginInfo": {"probeInfo": "<probe>"}}}

      Examples:
        | case       | type                     | probe |
        | mp3        | audio/mpeg               | mp3   |
        | case       | Audio/MPEG               | mp3   |
        | parameters | audio/mpeg; charset=utf-8 | wav  |
        | other      | audio/x-mpegurl          | wav   |

  @LL-TRACKS-404 @observed
  Rule: The length of an mp4 is that of its samples, the length of a Matroska is the number that it names
    In milliseconds, whatever a tick of it is. Neither is ever a stream.
    Sources: docs/observed/tracks-and-sources.md#containers

    @LL-TRACKS-404.a @needs-http-source
    Scenario Outline: The length of <case>
      Given the media "${guild}/a" is {"mp3": [{"hex": "<bytes>"}]}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track", "data": {"info": {"length": <length>, "isStream": false, "isSeekable": true}, "pluginInfo": {"probeInfo": "<probe>"}}}

      Examples:
        | case | probe | length | bytes |
        | an mp4 whose header says more | mp4 | 100 | 00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002916d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000227455c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb800502120806010200000018737474730000000000000001000000010000113a0000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c0000007175647461000000696d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000003c696c73740000001aa96e616d0000001264617461000000010000000054690000001aa9415254000000126461746100000001000000004175 |
        | an mp4 whose samples are longer | mp4 | 200 | 00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002916d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d6468640000000000000000000000000000ac440000113a55c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb80050212080601020000001873747473000000000000000100000001000022740000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c0000007175647461000000696d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000003c696c73740000001aa96e616d0000001264617461000000010000000054690000001aa9415254000000126461746100000001000000004175 |
        | an mp4 in milliseconds | mp4 | 100 | 00000014667479704d3441200000020069736f6d0000000c6d64617421100500000002916d6f6f760000006c6d766864000000000000000000000000000003e8000000640001000001000000000000000000000000010000000000000000000000000000000100000000000000000000000000004000000000000000000000000000000000000000000000000000000000000002000001ac7472616b0000005c746b6864000000030000000000000000000000010000000000000064000000000000000000000000010000000001000000000000000000000000000000010000000000000000000000000000400000000000000000000000000001486d646961000000206d646864000000000000000000000000000003e80000006455c400000000002168646c720000000000000000736f756e00000000000000000000000000000000ff6d696e6600000010736d686400000000000000000000002464696e660000001c6472656600000000000000010000000c75726c2000000001000000c37374626c0000005b7374736400000000000000010000004b6d703461000000000000000100000000000000000001001000000000ac4400000000002765736473000000000319000100041140150000000000bb800000bb80050212080601020000001873747473000000000000000100000001000000640000001c737473630000000000000001000000010000000100000001000000187374737a00000000000000000000000100000004000000147374636f00000000000000010000001c0000007175647461000000696d657461000000000000002168646c7200000000000000006d6469726170706c0000000000000000000000003c696c73740000001aa96e616d0000001264617461000000010000000054690000001aa9415254000000126461746100000001000000004175 |
        | a Matroska | matroska/webm | 5000 | 1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806740f01549a9669a2ad7b1830f424044898840b38800000000004d808178574181781654ae6be5ae010000000000005cd7810173c58800000000000000019c810022b59c83756e648881008686415f4f50555356aa83632ea056bb8404c4b400838102e1919f8101b58840e77000000000006264811063a2934f707573486561640101380180bb00000000001f43b675e2e78100a3dd810000807881a7b76c9e99ac0000045bb88eb3dc72f53e56677c429328783c61ae61313a53c4eec25d9a136b320ce60409a8fee44ecbaa5a53583f9913e928f1b0e995dde57f023f31395dbcbf2e5cafad5ff138b2c8489480d8862c04 |
        | one with ticks of half of one | matroska/webm | 5000 | 1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806740f01549a9669a2ad7b18307a12044898840b38800000000004d808178574181781654ae6be5ae010000000000005cd7810173c58800000000000000019c810022b59c83756e648881008686415f4f50555356aa83632ea056bb8404c4b400838102e1919f8101b58840e77000000000006264811063a2934f707573486561640101380180bb00000000001f43b675e2e78100a3dd810000807881a7b76c9e99ac0000045bb88eb3dc72f53e56677c429328783c61ae61313a53c4eec25d9a136b320ce60409a8fee44ecbaa5a53583f9913e928f1b0e995dde57f023f31395dbcbf2e5cafad5ff138b2c8489480d8862c04 |
        | one with ticks of two | matroska/webm | 5000 | 1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806740f01549a9669a2ad7b1831e848044898840b38800000000004d808178574181781654ae6be5ae010000000000005cd7810173c58800000000000000019c810022b59c83756e648881008686415f4f50555356aa83632ea056bb8404c4b400838102e1919f8101b58840e77000000000006264811063a2934f707573486561640101380180bb00000000001f43b675e2e78100a3dd810000807881a7b76c9e99ac0000045bb88eb3dc72f53e56677c429328783c61ae61313a53c4eec25d9a136b320ce60409a8fee44ecbaa5a53583f9913e928f1b0e995dde57f023f31395dbcbf2e5cafad5ff138b2c8489480d8862c04 |
        | one that says nothing | matroska/webm | 0 | 1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806740e51549a9668f2ad7b1830f42404d808178574181781654ae6be5ae010000000000005cd7810173c58800000000000000019c810022b59c83756e648881008686415f4f50555356aa83632ea056bb8404c4b400838102e1919f8101b58840e77000000000006264811063a2934f707573486561640101380180bb00000000001f43b675e2e78100a3dd810000807881a7b76c9e99ac0000045bb88eb3dc72f53e56677c429328783c61ae61313a53c4eec25d9a136b320ce60409a8fee44ecbaa5a53583f9913e928f1b0e995dde57f023f31395dbcbf2e5cafad5ff138b2c8489480d8862c04 |
