Feature: Encoded tracks
  The text that stands for a track. Bots store it, so its form and its reading must not change.

  @LL-TRACKS-020 @observed
  Rule: The encoded form is version 3, big endian, in base64
    Header with flag and size, version, title, author, length, identifier, isStream, uri, artworkUrl,
    isrc, source name, what the source adds, position. The documentation does not tell what is in it, but bots
    keep such texts when they go to another server, and some clients read them.
    Sources: docs/observed/tracks.md#encoded-form; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-020.a @needs-http-source
    Scenario: Every field of a loaded track
      When a loaded track "tone-30s.wav"
      Then the encoded track "${track}" reads as:
        """
        {
          "version": 3,
          "title": "#string",
          "author": "#string",
          "length": 30000,
          "isStream": false,
          "uri": "${media}/tone-30s.wav",
          "sourceName": "http",
          "position": 0
        }
        """

    @LL-TRACKS-020.b @needs-http-source
    Scenario: Tags are in it
      When a loaded track "tagged.mp3"
      Then the encoded track "${track}" reads as {"title": "Tagged Title", "author": "Tagged Artist"}

  @LL-TRACKS-021 @must
  Rule: decodetrack reads an encoded track
    The encoded text of the answer is the one that was sent.
    Sources: Lavalink docs, api/rest.md "Track Decoding"; docs/observed/tracks.md#decoding

    @LL-TRACKS-021.a @needs-http-source
    Scenario: A loaded track, as it was shown then
      Given the client loads "${media}/tone-30s.wav"
      And the answer at "/data/encoded" is remembered as "track"
      And the answer at "/data/info/identifier" is remembered as "identifier"
      And the answer at "/data/info/title" is remembered as "title"
      And the answer at "/data/info/length" is remembered as "length"
      When the client decodes "${track}"
      Then the answer is 200
      And the answer contains {"encoded": "${track}", "info": {"identifier": "${identifier}", "title": "${title}", "length": ${length}, "uri": "${media}/tone-30s.wav"}}

  @LL-TRACKS-022 @observed
  Rule: decodetrack takes the parameter track as well
    Older clients send it so.
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-022.a @needs-http-source
    Scenario: The older name
      Given an encoded track remembered as "old":
        """
        {"title": "Older name", "identifier": "http://127.0.0.1/a", "uri": null}
        """
      When the client decodes "${old}" as "track"
      Then the answer is 200
      And the answer contains {"info": {"title": "Older name", "uri": null}}

  @LL-TRACKS-023 @must
  Rule: Without a track there is nothing to decode
    Sources: Lavalink docs, api/rest.md "Track Decoding"; docs/observed/tracks.md#decoding; fixtures/recordings/rest/rest_basics.json

    @LL-TRACKS-023.a
    Scenario: No parameter
      When the client requests "GET /v4/decodetrack"
      Then the answer is a refusal

  @LL-TRACKS-024 @observed
  Rule: A text that is no track is an internal error
    Some of these answers lack the version header.
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-024.a @quirk
    Scenario Outline: <case>
      When the client decodes "<encoded>"
      Then the answer is an error 500
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)

      Examples:
        | case        | encoded     |
        | not base64  | notbase64!! |
        | cut off     | QAAAdgMADVV |

    @LL-TRACKS-024.b @needs-http-source @quirk
    Scenario: One of many that is no track spoils all
      Given an encoded track remembered as "one":
        """
        {"title": "One"}
        """
      When the client requests "POST /v4/decodetracks" with ["${one}", "garbage!!"]
      Then the answer is an error 500
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)

  @LL-TRACKS-025 @observed
  Rule: A track of a source that is not there is an internal error
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-025.a @quirk
    Scenario: An unknown source
      Given an encoded track remembered as "foreign":
        """
        {"sourceName": "nosuchsource"}
        """
      When the client decodes "${foreign}"
      Then the answer is an error 500
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)

    @LL-TRACKS-025.b @twin @needs-http-source
    Scenario: The valid twin
      Given an encoded track remembered as "known":
        """
        {"sourceName": "http"}
        """
      When the client decodes "${known}"
      Then the answer is 200

  @LL-TRACKS-026 @observed
  Rule: Tracks of the older versions are read
    Version 1 has no uri, version 2 no artworkUrl and isrc. Bots have them in their databases.
    Sources: docs/observed/tracks.md#encoded-form

    @LL-TRACKS-026.a @needs-http-source
    Scenario: Version 1
      Given an encoded track remembered as "first":
        """
        {"version": 1, "title": "First", "identifier": "http://127.0.0.1/1", "length": 1000, "position": 40}
        """
      When the client decodes "${first}"
      Then the answer is 200
      And the answer contains {"info": {"title": "First", "identifier": "http://127.0.0.1/1", "length": 1000, "position": 40, "uri": null, "artworkUrl": null, "isrc": null}}

    @LL-TRACKS-026.b @needs-http-source
    Scenario: Version 2
      Given an encoded track remembered as "second":
        """
        {"version": 2, "title": "Second", "uri": "http://127.0.0.1/2"}
        """
      When the client decodes "${second}"
      Then the answer contains {"info": {"title": "Second", "uri": "http://127.0.0.1/2", "artworkUrl": null, "isrc": null}}

  @LL-TRACKS-027 @must
  Rule: decodetracks reads many, in order
    Sources: Lavalink docs, api/rest.md "Track Decoding"; docs/observed/tracks.md#decoding

    @LL-TRACKS-027.a @needs-http-source
    Scenario: Two tracks
      Given a loaded track "tone-30s.wav" remembered as "one"
      And a loaded track "tone-5s.wav" remembered as "two"
      When the client requests "POST /v4/decodetracks" with ["${one}", "${two}"]
      Then the answer is 200
      And the answer contains [{"encoded": "${one}", "info": {"uri": "${media}/tone-30s.wav"}}, {"encoded": "${two}", "info": {"uri": "${media}/tone-5s.wav"}}]

  @LL-TRACKS-035 @observed
  Rule: What is no array of texts is not decoded
    Sources: Lavalink docs, api/rest.md "Track Decoding"; docs/observed/tracks.md#decoding

    @LL-TRACKS-035.a
    Scenario Outline: Not an array of texts: <case>
      When the client requests "POST /v4/decodetracks" with <body>
      Then the answer is a refusal

      Examples:
        | case    | body   |
        | object  | {}     |
        | text    | "x"    |
        | null    | null   |
        | cut off | ["x"   |

  @LL-TRACKS-031 @observed
  Rule: What is not known of a track is encoded as it is shown, and what its source adds with it
    Sources: docs/observed/tracks.md#encoded-form; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-031.a @needs-http-source
    Scenario Outline: <name>
      When a loaded track "<name>"
      Then the encoded track "${track}" reads as {"title": "<title>", "author": "<author>", "identifier": "${media}/<name>", "artworkUrl": null, "isrc": null, "probeInfo": "<probe>"}

      Examples:
        | name         | title         | author         | probe |
        | tone-30s.wav | Unknown title | Unknown artist | wav   |
        | tagged.mp3   | Tagged Title  | Tagged Artist  | mp3   |

  @LL-TRACKS-032 @observed
  Rule: Each field of an encoded track is shown when it is decoded
    So a bot gets back what another server has encoded.
    Sources: Lavalink docs, api/rest.md "Track Info"; docs/observed/tracks.md#decoding; docs/observed/tracks.md#encoded-form

    @LL-TRACKS-032.a @needs-http-source
    Scenario: Each field that a track has
      Given an encoded track remembered as "full":
        """
        {
          "title": "Title é 😀", "author": "Author", "length": 12345, "identifier": "http://127.0.0.1/x.mp3",
          "uri": "http://127.0.0.1/x", "artworkUrl": "http://127.0.0.1/x.png", "isrc": "USABC1234567",
          "sourceName": "http", "probeInfo": "mp3", "position": 678
        }
        """
      When the client decodes "${full}"
      Then the answer is 200
      And the answer contains:
        """
        {
          "encoded": "${full}",
          "info": {
            "identifier": "http://127.0.0.1/x.mp3", "isSeekable": true, "author": "Author", "length": 12345,
            "isStream": false, "position": 678, "title": "Title é 😀", "uri": "http://127.0.0.1/x",
            "sourceName": "http", "artworkUrl": "http://127.0.0.1/x.png", "isrc": "USABC1234567"
          }
        }
        """

  @LL-TRACKS-033 @observed
  Rule: A decoded track has its container in pluginInfo, and nothing in userData
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-033.a @needs-http-source
    Scenario: An mp3
      Given an encoded track remembered as "full":
        """
        {"title": "Title", "sourceName": "http", "probeInfo": "mp3"}
        """
      When the client decodes "${full}"
      Then the answer contains {"pluginInfo": {"probeInfo": "mp3"}}
      And the answer at "/userData" is {}

  @LL-TRACKS-034 @observed
  Rule: Every track has pluginInfo and userData
    The documentation lists both, and leaves them out in its examples; the official protocol classes take a track
    without them.
    Sources: docs/observed/tracks.md#track-objects; docs/observed/tracks.md#decoding; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-034.a @needs-http-source
    Scenario: One that is loaded
      When the client loads "${media}/tone-30s.wav"
      Then the answer contains {"data": {"pluginInfo": "#object", "userData": "#object"}}

    @LL-TRACKS-034.b @needs-http-source
    Scenario: One that is decoded
      Given a loaded track "tone-30s.wav"
      When the client decodes "${track}"
      Then the answer contains {"pluginInfo": "#object", "userData": "#object"}

  @LL-TRACKS-028 @observed
  Rule: A position in an encoded track is where it starts
    Sources: docs/observed/tracks.md#encoded-form

    @LL-TRACKS-028.a @needs-http-source
    Scenario: It is announced
      Given a connected client
      And an encoded track remembered as "middle":
        """
        {"identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav", "position": 12000}
        """
      When the client updates the player with {"track": {"encoded": "${middle}"}}
      Then the answer is 200
      And the client receives "TrackStartEvent" with {"track": {"info": {"position": 12000}}}

  @LL-TRACKS-029 @observed
  Rule: Texts are written in Java's modified UTF-8
    Characters beyond the basic plane take six bytes, NUL takes two.
    Sources: docs/observed/tracks.md#encoded-form

    @LL-TRACKS-029.a @needs-http-source
    Scenario: A title with an emoji survives decoding and playing
      Given a connected client
      And an encoded track remembered as "emoji":
        """
        {"title": "😀", "identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav"}
        """
      When the client updates the player with {"track": {"encoded": "${emoji}"}}
      Then the answer contains {"track": {"info": {"title": "😀"}}}
      And the client receives "TrackStartEvent"
      And the message at "/track/encoded" is remembered as "written"
      And the encoded track "${written}" reads as {"title": "😀"}

    @LL-TRACKS-029.b @needs-http-source
    Scenario: It is written as it was read
      Given a connected client
      And an encoded track remembered as "own":
        """
        {"title": "a\u0000é中😀", "author": "\u007f\u0080\u07ff\u0800\uffff", "identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav"}
        """
      When the client updates the player with {"track": {"encoded": "${own}"}}
      Then the client receives "TrackStartEvent" with {"track": {"encoded": "${own}"}}

  @LL-TRACKS-030 @observed
  Rule: Entries of decodetracks are texts in quotes
    Kotlin's JSON reader takes no bare number or word for a text.
    Sources: docs/observed/tracks.md#decoding; docs/observed/http.md#numbers-and-booleans

    @LL-TRACKS-030.a
    Scenario Outline: <case>
      When the client requests "POST /v4/decodetracks" with <body>
      Then the answer is 400 "Bad Request"

      Examples:
        | case    | body   |
        | number  | [1]    |

  @LL-TRACKS-200 @observed
  Rule: A character of four bytes is malformed
    Java writes six bytes for it, a pair of surrogates. Encoders of other languages that write plain
    UTF-8 fail with the first emoji.
    Sources: docs/observed/tracks-and-sources.md#texts-of-encoded-tracks

    @LL-TRACKS-200.a
    Scenario Outline: The title in bytes, "<case>"
      Given an encoded track remembered as "own":
        """
        {"title": {"hex": "<bytes>"}, "probeInfo": "mp3"}
        """
      When the client decodes "${own}"
      Then the answer is 500 "malformed input around byte <place>"

      Examples:
        | case   | bytes              | place |
        | first  | f09f9880           | 0     |
        | later  | 6162f09f98806364   | 2     |
        | mixed  | eda0bdf09f9880     | 3     |

    @LL-TRACKS-200.b
    Scenario: Another text of the track
      Given an encoded track remembered as "own":
        """
        {"uri": {"hex": "f09f9880"}, "probeInfo": "mp3"}
        """
      When the client decodes "${own}"
      Then the answer is 500 "malformed input around byte 0"

    @LL-TRACKS-200.c @twin
    Scenario: The same as Java writes it
      Given an encoded track remembered as "own":
        """
        {"title": {"hex": "eda0bdedb880"}, "probeInfo": "mp3"}
        """
      When the client decodes "${own}"
      Then the answer is 200
      And the answer at "/info/title" is "😀"

  @LL-TRACKS-201 @observed
  Rule: Bytes that are no text are told by their place, in the words of Java
    Sources: docs/observed/tracks-and-sources.md#texts-of-encoded-tracks

    @LL-TRACKS-201.a
    Scenario Outline: The title in bytes, "<case>"
      Given an encoded track remembered as "own":
        """
        {"title": {"hex": "<bytes>"}, "probeInfo": "mp3"}
        """
      When the client decodes "${own}"
      Then the answer is 500 "<message>"

      Examples:
        | case         | bytes    | message                                   |
        | continuation | 6180     | malformed input around byte 1             |
        | no-first     | ff       | malformed input around byte 0             |
        | second       | 61c361   | malformed input around byte 3             |
        | third        | 61e28261 | malformed input around byte 3             |
        | short        | 61e261   | malformed input: partial character at end |
        | cut-two      | 61c3     | malformed input: partial character at end |
        | cut-three    | 61e282   | malformed input: partial character at end |

  @LL-TRACKS-202 @observed
  Rule: Half of a pair of surrogates is shown as a question mark
    Sources: docs/observed/tracks-and-sources.md#texts-of-encoded-tracks

    @LL-TRACKS-202.a
    Scenario Outline: The title in bytes, "<case>"
      Given an encoded track remembered as "own":
        """
        {"title": {"hex": "<bytes>"}, "probeInfo": "mp3"}
        """
      When the client decodes "${own}"
      Then the answer is 200
      And the answer at "/info/title" is "<title>"
      And the answer at "/encoded" is "${own}"

      Examples:
        | case     | bytes        | title |
        | high     | 61eda0bd62   | a?b   |
        | low      | 61edb880     | a?    |
        | reversed | edb880eda0bd | ??    |

  @LL-TRACKS-203 @observed
  Rule: Characters may be longer than they need to be, and NUL may be one byte or two
    Sources: docs/observed/tracks-and-sources.md#texts-of-encoded-tracks

    @LL-TRACKS-203.a
    Scenario Outline: The title in bytes, "<case>"
      Given an encoded track remembered as "own":
        """
        {"title": {"hex": "<bytes>"}, "probeInfo": "mp3"}
        """
      When the client decodes "${own}"
      Then the answer is 200
      And the answer at "/info/title" is "<title>"

      Examples:
        | case  | bytes      | title    |
        | two   | 61c18162   | aAb      |
        | three | 61e0818162 | aAb      |
        | nul   | 61c08062   | a\\u0000b |
        | plain | 610062     | a\\u0000b |

  @LL-TRACKS-205 @observed
  Rule: A track with a text of more than 65535 bytes cannot be answered: 500
    As it cannot be encoded. A character counts as Java writes it.
    Sources: docs/observed/tracks-and-sources.md#texts-of-encoded-tracks

    @LL-TRACKS-205.a @needs-http-source
    Scenario Outline: A title of <count> times <character>
      Given the media "${guild}/a" is {"mp3": [{"id3": {"TIT2": {"times": <count>, "text": "<character>"}}}, {"frames": 60}]}
      When the client loads "${media}/${guild}/a"
      Then the answer is 500 "encoded string (<head>...<head>) too long: <bytes> bytes"

      Examples:
        | case  | count | character | head     | bytes |
        | ascii | 65536 | x         | xxxxxxxx | 65536 |
        | three | 21846 | €         | €€€€€€€€ | 65538 |
        | two   | 32768 | é         | éééééééé | 65536 |
        | emoji | 10923 | 😀        | 😀😀😀😀 | 65538 |

    @LL-TRACKS-205.b @needs-http-source
    Scenario Outline: A title of <count> times <character> fits
      Given the media "${guild}/a" is {"mp3": [{"id3": {"TIT2": {"times": <count>, "text": "<character>"}}}, {"frames": 60}]}
      When the client loads "${media}/${guild}/a"
      Then the answer contains {"loadType": "track"}

      Examples:
        | case  | count | character |
        | ascii | 65535 | x         |
        | two   | 32767 | é         |
        | three | 21845 | €         |

  @LL-TRACKS-206 @observed
  Rule: What says that nothing follows is no track, in the words of Java about what is not there
    Its four bytes of head have a length of 0; what stands behind them is not looked at.
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-206.a
    Scenario Outline: Decoded: <case>
      When the client decodes "<encoded>"
      Then the answer is 500 "Request processing failed: java.lang.NullPointerException: Cannot read field "decodedTrack" because the return value of "com.sedmelluq.discord.lavaplayer.player.AudioPlayerManager.decodeTrack(com.sedmelluq.discord.lavaplayer.tools.io.MessageInput)" is null"

      Examples:
        | case       | encoded                              |
        | alone      | AAAAAA==                             |
        | versioned  | QAAAAA==                             |
        | with-more  | QAAAAAMABVRpdGxlAAZBdXRob3IAAAAAAAA= |

    @LL-TRACKS-206.b
    Scenario: To be played
      Given a connected client
      When the client updates the player with {"track": {"encoded": "QAAAAA=="}}
      Then the answer is 500 "Request processing failed: java.lang.NullPointerException: Cannot read field "decodedTrack" because the return value of "com.sedmelluq.discord.lavaplayer.player.AudioPlayerManager.decodeTrack(com.sedmelluq.discord.lavaplayer.tools.io.MessageInput)" is null"

  @LL-TRACKS-271 @observed
  Rule: What is no base64 is a 500 with Java's words
    A character outside the alphabet is told by its signed byte in Latin-1, what is beyond that as a question mark.
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-271.a
    Scenario Outline: <case>
      When the client decodes "<text>"
      Then the answer is 500 "Request processing failed: java.lang.IllegalArgumentException: <message>"

      Examples:
        | case            | text  | message                                                  |
        | one character   | Q     | Input byte[] should at least have 2 bytes for base64 bytes |
        | half a padding  | QQ=   | Input byte array has wrong 4-byte ending unit            |
        | only padding    | ====  | Input byte array has wrong 4-byte ending unit            |
        | five characters | QUJDQ | Last unit does not have enough valid bits                |
        | after padding   | QQ==x | Input byte array has incorrect ending byte at 4          |
        | illegal         | QUJD! | Illegal base64 character 21                              |
        | beyond ASCII    | QUJDé | Illegal base64 character -17                             |
        | beyond Latin-1  | QUJD中 | Illegal base64 character 3f                             |

    @LL-TRACKS-271.b
    Scenario: A zero
      When the client requests "GET /v4/decodetrack?encodedTrack=QUJD%00"
      Then the answer is 500 "Request processing failed: java.lang.IllegalArgumentException: Illegal base64 character 0"

  @LL-TRACKS-400 @observed
  Rule: A whole track that is shorter than its head says is a 500 that counts what is missing
    What stands behind the length of the head is passed over.
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-400.a
    Scenario Outline: Of five bytes more there are <actual>
      When the client decodes "<encoded>"
      Then the answer is 500 "Bytes to skip: 5 actual: <actual>"

      Examples:
        | case | actual | encoded |
        | none | 0      | QAAAPwMAAVQAAUEAAAAAAAAD6AASaHR0cDovLzEyNy4wLjAuMS9hAAAAAAAEaHR0cAADbXAzAAAAAAAAAAA= |
        | two  | 2      | QAAAPwMAAVQAAUEAAAAAAAAD6AASaHR0cDovLzEyNy4wLjAuMS9hAAAAAAAEaHR0cAADbXAzAAAAAAAAAABhYg== |

    @LL-TRACKS-400.b @twin
    Scenario: More than the head says
      When the client decodes "QAAAOgMAAVQAAUEAAAAAAAAD6AASaHR0cDovLzEyNy4wLjAuMS9hAAAAAAAEaHR0cAADbXAzAAAAAAAAAABhYmM="
      Then the answer is 200
      And the answer contains {"encoded": "QAAAOgMAAVQAAUEAAAAAAAAD6AASaHR0cDovLzEyNy4wLjAuMS9hAAAAAAAEaHR0cAADbXAzAAAAAAAAAABhYmM=", "info": {"title": "T", "author": "A"}}

  @LL-TRACKS-405 @observed @needs-http-source
  Rule: A track of a container that nobody knows cannot be decoded
    Parameters may follow the name.
    Sources: docs/observed/tracks.md#decoding

    @LL-TRACKS-405.a
    Scenario Outline: "<probe>"
      Given an encoded track remembered as "odd":
        """
        {"title": "Title", "sourceName": "http", "probeInfo": "<probe>"}
        """
      When the client decodes "${odd}"
      Then the answer is an error 500

      Examples:
        | case    | probe        |
        | unknown | nonsense     |
        | capital | MP3          |
        | behind  | nonsense\|mp3 |

    @LL-TRACKS-405.b
    Scenario: With parameters
      Given an encoded track remembered as "odd":
        """
        {"title": "Title", "sourceName": "http", "probeInfo": "mp3|x"}
        """
      When the client decodes "${odd}"
      Then the answer contains {"info": {"title": "Title"}}
