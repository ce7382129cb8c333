@needs-voice @needs-http-source
Feature: What filters sound like
  The voice channel listens. Filters that come with a track are heard from its first frame. Levels leave
  room for what Opus changes, and for what the real server's arithmetic gives.

  @LL-FILTERS-101 @must
  Rule: The volume filter makes sound louder and quieter
    Where 1 is 100 %: nothing is changed. A line and the curve of LL-FILTERS-122 are both as documented.
    Sources: Lavalink docs, api/rest.md "Filters"; docs/observed/filters.md#volume-filter; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-101.a @needs-filter-volume
    Scenario Outline: A volume of <volume>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"volume": <volume>}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB

      Examples:
        | volume | least | most  |
        | 0.1    | -23.2 | -18.8 |
        | 0.5    | -8.4  | -5.2  |
        | 1.0    | -0.8  | 0.8   |
        | 2.0    | 5.2   | 11.1  |

    @LL-FILTERS-101.b @needs-filter-volume
    Scenario: A volume of 0 is silence
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"volume": 0.0}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      And the client listens for 1 seconds
      Then the tone of 1000 Hz is below -50 dB

  @LL-FILTERS-102 @must
  Rule: A band of the equalizer raises or mutes its own frequencies
    A gain of 0.25 doubles, -0.25 mutes. Other frequencies may change a little, as documented.
    Sources: Lavalink docs, api/rest.md "Equalizer"; docs/observed/filters.md#equalizer; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-102.a @needs-filter-equalizer
    Scenario Outline: Band 8 with a gain of <gain>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-100hz-1000hz-10s.wav"
      When the client updates the player with {"filters": {"equalizer": [{"band": 8, "gain": <gain>}]}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB
      And the tone of 100 Hz is at -3 to 3 dB

      Examples:
        | gain  | least | most |
        | 0.25  | 4.5   | 7.5  |
        | -0.25 | -120  | -20  |

  @LL-FILTERS-103 @should
  Rule: Karaoke with a level of 0 has no effect
    Sources: Lavalink docs, api/rest.md "Karaoke"; docs/observed/filters.md#karaoke; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-103.b @needs-filter-karaoke
    Scenario: A level of 0 changes nothing
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"karaoke": {"level": 0.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -0.9 to 0.9 dB

  @LL-FILTERS-104 @must
  Rule: Timescale changes speed, pitch and both
    Speed keeps the pitch and pitch the speed; rate changes both.
    Sources: Lavalink docs, api/rest.md "Timescale"; docs/observed/filters.md#timescale; fixtures/recordings/unplayed/13_timescale_position_and_end.json

    @LL-FILTERS-104.a @needs-filter-timescale
    Scenario Outline: <case>: <what> <factor>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-6s.wav"
      When the client updates the player with {"filters": {"timescale": {"<what>": <factor>}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 0.7 seconds
      And the pitch is <low> to <high> Hz
      And the tone of <tone> Hz is at -3 to 3 dB

      Examples:
        | case   | what  | factor | low  | high | tone |
        | fast   | speed | 2.0    | 994  | 1006 | 1000 |
        | slow   | speed | 0.8    | 994  | 1006 | 1000 |
        | high   | pitch | 2.0    | 1990 | 2010 | 2000 |
        | low    | pitch | 0.5    | 497  | 503  | 500  |
        | both   | rate  | 2.0    | 1990 | 2010 | 2000 |

    @LL-FILTERS-104.b @needs-filter-timescale
    Scenario Outline: Six seconds with a <what> of <factor>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-6s.wav"
      When the client updates the player with {"filters": {"timescale": {"<what>": <factor>}}, "track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent"
      And no "TrackEndEvent" follows within <before> seconds
      And the client receives "TrackEndEvent" within 2 seconds with {"reason": "finished"}

      Examples:
        | case | what  | factor | before |
        | fast | speed | 2.0    | 2      |
        | slow | speed | 0.8    | 6.5    |
        | both | rate  | 2.0    | 2      |
        | high | pitch | 2.0    | 5      |

  @LL-FILTERS-105 @should
  Rule: Tremolo lets the level swing
    As often as its frequency says.
    Sources: Lavalink docs, api/rest.md "Tremolo"; docs/observed/filters.md#tremolo; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-105.a @needs-filter-tremolo
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"tremolo": <filter>}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 2 seconds
      And the level swings <swing>

      Examples:
        | case     | filter                            | swing                                                     |
        | defaults | {}                                | 1.85 to 2.2 times a second, from 0.0 to 0.8 up to 0.6 to 2 |
        | deep     | {"frequency": 5.0, "depth": 1.0}  | 4.8 to 5.2 times a second, from 0.0 to 0.5 up to 0.5 to 2  |
        | shallow  | {"frequency": 4.0, "depth": 0.25} | 3.8 to 4.2 times a second, from 0.0 to 0.95 up to 0.8 to 2 |

  @LL-FILTERS-106 @should
  Rule: Vibrato lets the pitch swing
    As often as its frequency says.
    Sources: Lavalink docs, api/rest.md "Vibrato"; docs/observed/filters.md#vibrato; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-106.a @needs-filter-vibrato
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"vibrato": <filter>}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 2 seconds
      And the pitch of 1000 Hz swings <swing>

      Examples:
        | case     | filter                           | swing                                     |
        | slow     | {"frequency": 2.0, "depth": 0.5} | 1.85 to 2.15 times a second by 2 to 60 Hz |
        | fast     | {"frequency": 5.0, "depth": 1.0} | 4.8 to 5.2 times a second by 5 to 120 Hz  |

  @LL-FILTERS-107 @observed
  Rule: Distortion multiplies sine, cosine and tangent
    The document has a sum. With a scale of a half nothing is left of a tone but its octave.
    Sources: docs/observed/filters.md#distortion; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-107.a @needs-filter-distortion
    Scenario: The octave
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"distortion": {"scale": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is below -34 dB
      And the tone of 2000 Hz is at -26 to -22 dB

    @LL-FILTERS-107.b @needs-filter-distortion
    Scenario: An offset of the sine
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"distortion": {"sinOffset": 2.0, "scale": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -1.2 to 1.2 dB

    @LL-FILTERS-107.c @needs-filter-distortion
    Scenario: All eight fields of it
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-2s.wav"
      When the client updates the player with {"filters": {"distortion": {"sinOffset": 0.3, "sinScale": 3.0, "cosOffset": -0.4, "cosScale": 4.0, "tanOffset": 0.2, "tanScale": 2.0, "offset": 0.1, "scale": 0.6}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 1000 Hz is at -15.7 to -14.1 dB
      And the tone of 2000 Hz is at -31.9 to -29.9 dB
      And the tone of 3000 Hz is at -22.6 to -20.7 dB
      And the tone of 4000 Hz is at -27.2 to -24.6 dB

    @LL-FILTERS-107.d @needs-filter-distortion
    Scenario: Beyond full scale
      One side of the wave is left.
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-2s.wav"
      When the client updates the player with {"filters": {"distortion": {"sinOffset": 0.5, "cosScale": 0, "tanOffset": 1, "tanScale": 0, "offset": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 1000 Hz is at -7 to -5 dB
      And the tone of 2000 Hz is at -15 to -12 dB

  @LL-FILTERS-108 @should
  Rule: Rotation swings left against right
    Its rate is how often a second.
    Sources: Lavalink docs, api/rest.md "Rotation"; docs/observed/filters.md#rotation; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-108.a @needs-filter-rotation
    Scenario: Once a second
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"rotation": {"rotationHz": 1.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 3 seconds
      And the level swings 0.9 to 1.15 times a second, from 0.0 to 0.5 up to 0.6 to 2
      And left and right swing against each other

  @LL-FILTERS-109 @should
  Rule: Channel mix gives each side parts of both
    Sources: Lavalink docs, api/rest.md "Channel Mix"; docs/observed/filters.md#channel-mix; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-109.a @needs-filter-channelMix
    Scenario: Swapped
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-10s.wav"
      When the client updates the player with {"filters": {"channelMix": {"leftToLeft": 0.0, "leftToRight": 1.0, "rightToLeft": 1.0, "rightToRight": 0.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the left tone of 1000 Hz is at -0.9 to 0.9 dB
      And the right tone of 440 Hz is at -0.9 to 0.9 dB
      And the left tone of 440 Hz is below -30 dB

    @LL-FILTERS-109.b @needs-filter-channelMix
    Scenario: Mono
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-10s.wav"
      When the client updates the player with {"filters": {"channelMix": {"leftToLeft": 0.5, "leftToRight": 0.5, "rightToLeft": 0.5, "rightToRight": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -7 to -5 dB
      And the tone of 440 Hz is at -7 to -5 dB

    @LL-FILTERS-109.c @needs-filter-channelMix
    Scenario: From left to right only
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-10s.wav"
      When the client updates the player with {"filters": {"channelMix": {"leftToRight": 1.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the right tone of 440 Hz is at -0.9 to 0.9 dB
      And the right tone of 1000 Hz is at -0.9 to 0.9 dB
      And the left tone of 1000 Hz is below -30 dB

    @LL-FILTERS-109.d @needs-filter-channelMix
    Scenario: What both sides have is added up
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-2s.wav"
      When the client updates the player with {"filters": {"channelMix": {"leftToLeft": 0.25, "rightToLeft": 0.5, "leftToRight": 0.25, "rightToRight": 1.0}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the left tone of 1000 Hz is at -3.3 to -1.7 dB
      And the right tone of 1000 Hz is at 1.2 to 2.8 dB

  @LL-FILTERS-110 @should
  Rule: Low pass takes high tones away and leaves low ones
    The higher the smoothing, the more.
    Sources: Lavalink docs, api/rest.md "Low Pass"; docs/observed/filters.md#low-pass; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-110.a @needs-filter-lowPass
    Scenario: The usual smoothing
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-100hz-4000hz-10s.wav"
      When the client updates the player with {"filters": {"lowPass": {}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 100 Hz is at -3 to 1 dB
      And the tone of 4000 Hz is below -10 dB

    @LL-FILTERS-110.c @needs-filter-lowPass
    Scenario: More smoothing
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"lowPass": {"smoothing": 100.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is below -14 dB

  @LL-FILTERS-111 @observed
  Rule: The equalizer comes before the volume
    What the equalizer raises is cut at full scale before the volume lowers it.
    Sources: docs/observed/filters.md#the-way-through-the-filters

    @LL-FILTERS-111.a @needs-filter-equalizer @needs-filter-volume
    Scenario: A loud tone
      Given a connected client
      And the player is in a voice channel
      And a loaded track "loud-1000hz-10s.wav"
      When the client updates the player with {"filters": {"volume": 0.5, "equalizer": [{"band": 8, "gain": 0.25}]}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at 4.9 to 7.4 dB

    @LL-FILTERS-111.b @needs-filter-distortion @needs-filter-volume
    Scenario: Distortion before volume
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"volume": 2.0, "distortion": {"scale": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 2000 Hz is at -16 to -11.5 dB

  @LL-FILTERS-112 @observed
  Rule: A filter that changes nothing runs as soon as another one does
    Alone it is left out. Rotation without a rate halves both sides then.
    Sources: docs/observed/filters.md#the-way-through-the-filters; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-112.a @needs-filter-rotation
    Scenario: Alone
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"rotation": {}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -0.9 to 0.9 dB

    @LL-FILTERS-112.b @needs-filter-rotation @needs-filter-volume
    Scenario: With a volume
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"rotation": {}, "volume": 0.5}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -14.6 to -12.6 dB

    @LL-FILTERS-112.c @needs-filter-rotation
    Scenario Outline: With <case>, which does not count
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-2s.wav"
      When the client updates the player with {"filters": {"rotation": {}, <filter>}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 1000 Hz is at -0.9 to 0.9 dB

      @needs-filter-volume
      Examples:
        | case          | filter        |
        | a volume of 1 | "volume": 1.0 |

      @needs-filter-equalizer
      Examples:
        | case    | filter                                  |
        | no band | "equalizer": []                         |
        | no gain | "equalizer": [{"band": 0, "gain": 0.0}] |

      @needs-filter-timescale
      Examples:
        | case         | filter          |
        | no timescale | "timescale": {} |

      @needs-filter-tremolo
      Examples:
        | case            | filter                    |
        | a still tremolo | "tremolo": {"depth": 0.0} |

      @needs-filter-vibrato
      Examples:
        | case            | filter                    |
        | a still vibrato | "vibrato": {"depth": 0.0} |

      @needs-filter-distortion
      Examples:
        | case          | filter           |
        | no distortion | "distortion": {} |

      @needs-filter-channelMix
      Examples:
        | case   | filter           |
        | no mix | "channelMix": {} |

      @needs-filter-lowPass
      Examples:
        | case             | filter                        |
        | a smoothing of 1 | "lowPass": {"smoothing": 1.0} |
        | less than that   | "lowPass": {"smoothing": 0.5} |

    @LL-FILTERS-112.d @needs-filter-rotation
    Scenario Outline: With <case>, which counts
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-<seconds>s.wav"
      When the client updates the player with {"filters": {"rotation": {}, <filter>}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of <tone> Hz is at <least> to <most> dB

      @needs-filter-volume
      Examples:
        | case             | filter         | tone | least | most | seconds |
        | a volume of 1.01 | "volume": 1.01 | 1000 | -6.8  | -5.2 | 2       |

      @needs-filter-equalizer
      Examples:
        | case          | filter                                    | tone | least | most | seconds |
        | a little gain | "equalizer": [{"band": 14, "gain": 0.01}] | 1000 | -6.8  | -5.2 | 2       |

      @needs-filter-karaoke
      Examples:
        | case                    | filter                    | tone | least | most | seconds |
        | karaoke without a level | "karaoke": {"level": 0.0} | 1000 | -6.8  | -5.2 | 2       |

      @needs-filter-timescale
      Examples:
        | case  | filter                      | tone | least | most | seconds |
        | speed | "timescale": {"speed": 2.0} | 1000 | -6.9  | -5.1 | 5       |
        | pitch | "timescale": {"pitch": 2.0} | 2000 | -6.9  | -5.1 | 5       |
        | rate  | "timescale": {"rate": 2.0}  | 2000 | -6.9  | -5.1 | 5       |

      @needs-filter-distortion
      Examples:
        | case      | filter                             | tone | least | most  | seconds |
        | sinOffset | "distortion": {"sinOffset": 0.001} | 2000 | -30.9 | -29.4 | 2       |
        | sinScale  | "distortion": {"sinScale": 1.001}  | 2000 | -30.9 | -29.4 | 2       |
        | cosOffset | "distortion": {"cosOffset": 0.001} | 2000 | -30.9 | -29.4 | 2       |
        | cosScale  | "distortion": {"cosScale": 1.001}  | 2000 | -30.9 | -29.4 | 2       |
        | tanOffset | "distortion": {"tanOffset": 0.001} | 2000 | -30.9 | -29.4 | 2       |
        | tanScale  | "distortion": {"tanScale": 1.001}  | 2000 | -30.9 | -29.4 | 2       |
        | offset    | "distortion": {"offset": 0.001}    | 2000 | -30.9 | -29.4 | 2       |
        | scale     | "distortion": {"scale": 1.001}     | 2000 | -30.9 | -29.4 | 2       |

      @needs-filter-channelMix
      Examples:
        | case         | filter                              | tone | least | most | seconds |
        | leftToLeft   | "channelMix": {"leftToLeft": 0.9}   | 1000 | -7.8  | -5.2 | 2       |
        | leftToRight  | "channelMix": {"leftToRight": 0.1}  | 1000 | -6.8  | -4.4 | 2       |
        | rightToLeft  | "channelMix": {"rightToLeft": 0.1}  | 1000 | -6.8  | -4.4 | 2       |
        | rightToRight | "channelMix": {"rightToRight": 0.9} | 1000 | -7.8  | -5.2 | 2       |

      @needs-filter-lowPass
      Examples:
        | case               | filter                        | tone | least | most | seconds |
        | a smoothing of 1.1 | "lowPass": {"smoothing": 1.1} | 1000 | -6.9  | -5.2 | 2       |

  @LL-FILTERS-113 @must
  Rule: New filters take the place of all old ones
    What is not named is gone.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/filters.md#replacing

    @LL-FILTERS-113.a @needs-filter-volume @needs-filter-channelMix
    Scenario: A volume that is not named again
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-10s.wav"
      And the client updates the player with {"filters": {"volume": 0.5}}
      When the client updates the player with {"filters": {"channelMix": {"leftToLeft": 0.0, "leftToRight": 1.0, "rightToLeft": 1.0, "rightToRight": 0.0}}}
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the left tone of 1000 Hz is at -0.9 to 0.9 dB
      And the right tone of 440 Hz is at -0.9 to 0.9 dB

    @LL-FILTERS-113.b @needs-filter-volume @needs-filter-channelMix
    Scenario: While a track plays
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-30s.wav"
      And the client updates the player with {"filters": {"volume": 0.5}, "track": {"encoded": "${track}"}}
      And 1 seconds pass
      When the client updates the player with {"filters": {"channelMix": {"leftToLeft": 0.0, "leftToRight": 1.0, "rightToLeft": 1.0, "rightToRight": 0.0}}}
      And the client updates the player with {"position": 10000}
      And 1.5 seconds pass
      Then the client listens for 1 seconds
      And the left tone of 1000 Hz is at -0.9 to 0.9 dB
      And the right tone of 440 Hz is at -0.9 to 0.9 dB

    @LL-FILTERS-113.c @needs-filter-volume
    Scenario: Another value of the same filter
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-30s.wav"
      And the client updates the player with {"filters": {"volume": 0.5}, "track": {"encoded": "${track}"}}
      And 1 seconds pass
      When the client updates the player with {"filters": {"volume": 2.0}}
      And the client updates the player with {"position": 10000}
      And 1.5 seconds pass
      Then the client listens for 1 seconds
      And the left tone of 440 Hz is at 5.2 to 11.1 dB

  @LL-FILTERS-114 @observed
  Rule: An update begins all filters anew, the same ones too; a seek does not
    A slow rotation shows it: it begins in the middle and has gone to the left nine seconds later.
    Sources: docs/observed/filters.md#the-way-through-the-filters

    @LL-FILTERS-114.a @needs-filter-rotation @slow
    Scenario: The same again
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-60s.wav"
      And the client updates the player with {"filters": {"rotation": {"rotationHz": 0.025}}, "track": {"encoded": "${track}"}}
      And 4 seconds pass
      When the client updates the player with {"filters": {"rotation": {"rotationHz": 0.025}}}
      And the client updates the player with {"position": 10000}
      And 1.2 seconds pass
      And the client listens for 0.5 seconds
      Then the left tone of 1000 Hz is at -6.2 to -1 dB
      And the right tone of 1000 Hz is at -17 to -5.8 dB

    @LL-FILTERS-114.b @needs-filter-rotation @slow
    Scenario: A seek alone
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-60s.wav"
      And the client updates the player with {"filters": {"rotation": {"rotationHz": 0.025}}, "track": {"encoded": "${track}"}}
      And 4 seconds pass
      When the client updates the player with {"position": 10000}
      And 1.2 seconds pass
      And the client listens for 0.5 seconds
      Then the left tone of 1000 Hz is at -1.5 to 0.9 dB
      And the right tone of 1000 Hz is below -18 dB

  @LL-FILTERS-115 @observed
  Rule: A change is heard after the audio that is decoded already, and at once after a seek
    By default that is five seconds. The document promises the next frame.
    Sources: docs/observed/filters.md#when-a-change-is-heard; fixtures/recordings/unplayed/13_latency_frameBufferDurationMs_200_playerUpdateInterval_1.json

    @LL-FILTERS-115.a @slow @needs-filter-volume
    Scenario: It comes late
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 1.5 seconds pass
      When the client updates the player with {"filters": {"volume": 0.5}}
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -0.9 to 0.9 dB
      When 6 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -8.4 to -6.8 dB

    @LL-FILTERS-115.b @needs-filter-volume
    Scenario: A seek brings it
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 1 seconds pass
      When the client updates the player with {"filters": {"volume": 0.5}}
      And the client updates the player with {"position": 10000}
      And 1.5 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -8.4 to -6.8 dB

  @LL-FILTERS-116 @observed
  Rule: Positions count what is heard, whatever the timescale
    So a track of four seconds at double speed ends near two, and an end time of one second is heard for one.
    Sources: docs/observed/filters.md#positions-with-timescale; fixtures/recordings/unplayed/13_timescale_position_and_end.json

    @LL-FILTERS-116.a @needs-filter-timescale
    Scenario: An end time at double speed
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"timescale": {"speed": 2.0}}, "track": {"encoded": "${track}"}, "endTime": 2000}
      Then the client receives "TrackStartEvent"
      And the client receives "TrackEndEvent" within 4 seconds with {"reason": "finished", "track": {"info": {"position": 1980}}}
      And the voice channel hears every frame up to 2000 ms within 1.5 seconds

    @LL-FILTERS-116.b @needs-filter-timescale
    Scenario: After a seek it counts on from there
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-30s.wav"
      And the client updates the player with {"filters": {"timescale": {"speed": 2.0}}, "track": {"encoded": "${track}"}}
      And 1 seconds pass
      When the client updates the player with {"position": 26000}
      Then the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished", "track": {"info": {"position": "#range 27800..28000"}}}

    @LL-FILTERS-116.c @needs-filter-timescale
    Scenario: After three seconds at half the rate
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      And the client updates the player with {"filters": {"timescale": {"rate": 0.5}}, "track": {"encoded": "${track}"}}
      When 3 seconds pass
      Then the player contains {"state": {"position": "#range 2300..4000"}}

  @LL-FILTERS-117 @observed
  Rule: A filter that cannot be made fails the track when it is to be played
    The update is accepted; ranges are looked at only here.
    Sources: docs/observed/filters.md#filters-that-cannot-be-made

    @LL-FILTERS-117.a
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-3s.wav"
      And the client updates the player with {"filters": <filters>}
      And the answer is 200
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer is 200
      And the client receives "TrackStartEvent"
      And the client receives in any order within 3 seconds:
        | kind                | with                                                                                                                                   |
        | TrackExceptionEvent | {"exception": {"message": "Something broke when playing the track.", "severity": "fault", "cause": "java.lang.IllegalArgumentException: <cause>"}} |
        | TrackEndEvent       | {"reason": "#/(loadFailed)?(finished)?/"}                                                                                                |
      And the voice channel hears 0 frames

      @needs-filter-volume
      Examples:
        | case             | filters                                     | cause                   |
        | loud             | {"volume": 6.0}                             | Volume > 5.0            |
        | negative-volume  | {"volume": -1.0}                            | Volume < 0.0            |

      @needs-filter-timescale
      Examples:
        | case             | filters                                     | cause                   |
        | speed            | {"timescale": {"speed": 0.0}}               | speed <= 0              |
        | pitch            | {"timescale": {"pitch": -1.0}}              | pitch <= 0              |
        | rate             | {"timescale": {"rate": 0.0}}                | rate <= 0               |

      @needs-filter-tremolo
      Examples:
        | case             | filters                                     | cause                   |
        | tremolo-depth    | {"tremolo": {"depth": 2.0}}                 | Depth > 1               |
        | tremolo-still    | {"tremolo": {"frequency": 0.0}}             | Frequency <= 0          |

      @needs-filter-vibrato
      Examples:
        | case             | filters                                     | cause                   |
        | vibrato-fast     | {"vibrato": {"frequency": 20.0}}            | Frequency > max (14.0)  |

      @needs-filter-tremolo @needs-filter-volume
      Examples:
        | case             | filters                                     | cause                   |
        | idle-in-company  | {"tremolo": {"depth": 0.0}, "volume": 0.5}  | Depth <= 0              |

    @LL-FILTERS-117.b @twin @needs-filter-vibrato
    Scenario: The fastest vibrato there is
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"vibrato": {"frequency": 14.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      And the client listens for 0.5 seconds
      Then no "TrackExceptionEvent" follows

  @LL-FILTERS-118 @observed
  Rule: A filter that cannot be made breaks the track that plays, and what is decoded is heard
    Sources: docs/observed/filters.md#filters-that-cannot-be-made

    @LL-FILTERS-118.a @slow @needs-filter-volume
    Scenario: While it plays
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      When the client updates the player with {"filters": {"volume": 6.0}}
      Then the answer is 200
      And the client receives "TrackExceptionEvent" within 3 seconds with {"exception": {"message": "Something went wrong when decoding the track.", "severity": "fault", "cause": "java.lang.IllegalArgumentException: Volume > 5.0"}}
      And no "TrackEndEvent" follows within 2 seconds
      And the client receives "TrackEndEvent" within 6 seconds with {"reason": "finished"}

  @LL-FILTERS-119 @must
  Rule: The volume of the player makes sound louder and quieter, and is heard soon
    In percentage: 100 changes nothing. It does not wait for what is decoded already. A line and the curve of
    LL-FILTERS-127 are both as documented.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/filters.md#volume-of-the-player; docs/observed/playback.md#volume; fixtures/recordings/playback/06_volume.json

    @LL-FILTERS-119.a
    Scenario Outline: A volume of <volume>
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 0.8 seconds pass
      When the client updates the player with {"volume": <volume>}
      And 2 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB

      Examples:
        | volume | least | most  |
        | 10     | -23.2 | -18.8 |
        | 50     | -8.4  | -5.2  |
        | 100    | -0.8  | 0.8   |
        | 200    | 5.2   | 11.1  |

    @LL-FILTERS-119.b
    Scenario: A volume of 0 is silence
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 0.8 seconds pass
      When the client updates the player with {"volume": 0}
      And 2 seconds pass
      And the client listens for 1 seconds
      Then the tone of 1000 Hz is below -50 dB

  @LL-FILTERS-122 @observed
  Rule: The volume filter follows its own curve, which is not linear
    Up to 1.5 it is a tangent, above a line; near 1 nothing is changed.
    Sources: docs/observed/filters.md#volume-filter; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-122.a @needs-filter-volume
    Scenario Outline: A volume of <volume>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"volume": <volume>}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB

      Examples:
        | volume | least | most  |
        | 0.1    | -23.2 | -20.8 |
        | 0.5    | -8.4  | -6.8  |
        | 0.97   | -0.7  | -0.15 |
        | 1.2    | 2.1   | 3.6   |
        | 1.5    | 7.2   | 8.4   |
        | 2.0    | 9.5   | 11.1  |
        | 3.0    | 12.1  | 13.7  |

  @LL-FILTERS-123 @observed
  Rule: Gains of the equalizer between those that double and mute have their own levels
    Of two entries for one band the last counts. The other bands stay as they are.
    Sources: docs/observed/filters.md#equalizer; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-123.a @needs-filter-equalizer
    Scenario Outline: Band 8 with a gain of <gain>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-100hz-1000hz-10s.wav"
      When the client updates the player with {"filters": {"equalizer": [{"band": 8, "gain": <gain>}]}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB
      And the tone of 100 Hz is at -1.2 to 1.2 dB

      Examples:
        | gain  | least | most |
        | 0.25  | 5.0   | 7.0  |
        | 0.1   | 1.9   | 3.9  |
        | -0.25 | -120  | -30  |
        | -0.1  | -6.0  | -3.2 |

    @LL-FILTERS-123.b @needs-filter-equalizer
    Scenario: The last entry of a band counts
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"equalizer": [{"band": 8, "gain": -0.25}, {"band": 8, "gain": 0.0}, {"band": 0, "gain": 0.1}]}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -0.9 to 0.9 dB

    @LL-FILTERS-123.c @needs-filter-equalizer
    Scenario Outline: Each second band raised, the others lowered: <low> and <high> Hz
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-<low>hz-<high>hz-2s.wav"
      When the client updates the player with {"filters": {"equalizer": [{"band": 0, "gain": -0.15}, {"band": 1, "gain": 0.2}, {"band": 2, "gain": -0.15}, {"band": 3, "gain": 0.2}, {"band": 4, "gain": -0.15}, {"band": 5, "gain": 0.2}, {"band": 6, "gain": -0.15}, {"band": 7, "gain": 0.2}, {"band": 8, "gain": -0.15}, {"band": 9, "gain": 0.2}, {"band": 10, "gain": -0.15}, {"band": 11, "gain": 0.2}, {"band": 12, "gain": -0.15}, {"band": 13, "gain": 0.2}, {"band": 14, "gain": -0.15}]}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of <low> Hz is at <least> to <most> dB
      And the tone of <high> Hz is at <least> to <most> dB

      Examples:
        | low | high  | least | most |
        | 63  | 1000  | -4.2  | -2.8 |
        | 100 | 1600  | 3.5   | 5.1  |
        | 160 | 2500  | -4.3  | -2.7 |
        | 250 | 4000  | 3.4   | 5.0  |
        | 400 | 6300  | -4.3  | -2.7 |
        | 630 | 10000 | 3.4   | 5.0  |

    @LL-FILTERS-123.d @needs-filter-equalizer
    Scenario: Each side is a sound of its own
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-400hz-1000hz-2s.wav"
      When the client updates the player with {"filters": {"equalizer": [{"band": 6, "gain": 0.1}, {"band": 8, "gain": -0.1}]}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the left tone of 400 Hz is at 2.1 to 3.7 dB
      And the right tone of 1000 Hz is at -5.3 to -3.7 dB
      And the left tone of 1000 Hz is below -40 dB
      And the right tone of 400 Hz is below -40 dB

  @LL-FILTERS-124 @observed
  Rule: Karaoke takes away what both sides have in common
    But for the band around 220 Hz. With one side alone both sides get it.
    Sources: docs/observed/filters.md#karaoke; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-124.a @needs-filter-karaoke
    Scenario: The centre
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"karaoke": {}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is below -24 dB

    @LL-FILTERS-124.b @needs-filter-karaoke
    Scenario: Left and right are mixed
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-10s.wav"
      When the client updates the player with {"filters": {"karaoke": {}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the left tone of 1000 Hz is at -2 to 2 dB
      And the right tone of 440 Hz is at -2 to 2 dB

    @LL-FILTERS-124.c @needs-filter-karaoke
    Scenario: The band stays
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-220hz-10s.wav"
      When the client updates the player with {"filters": {"karaoke": {}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 220 Hz is at -1.5 to 1.5 dB

    @LL-FILTERS-124.d @needs-filter-karaoke
    Scenario: Half of it
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-2s.wav"
      When the client updates the player with {"filters": {"karaoke": {"level": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the left tone of 440 Hz is at -1.2 to 0.5 dB
      And the right tone of 440 Hz is at -6.3 to -4.6 dB
      And the left tone of 1000 Hz is at -6.8 to -5.1 dB
      And the right tone of 1000 Hz is at -0.8 to 0.8 dB

    @LL-FILTERS-124.e @needs-filter-karaoke
    Scenario Outline: Of the band, level times monoLevel comes back: a monoLevel of <mono>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-220hz-2s.wav"
      When the client updates the player with {"filters": {"karaoke": {"level": 0.5, "monoLevel": <mono>}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 220 Hz is at <least> to <most> dB

      Examples:
        | mono | least | most |
        | 0.5  | -5.0  | -3.6 |
        | 2.0  | 1.0   | 2.5  |

    @LL-FILTERS-124.f @needs-filter-karaoke
    Scenario: Another band
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-700hz-1000hz-2s.wav"
      When the client updates the player with {"filters": {"karaoke": {"filterBand": 900.0, "filterWidth": 200.0}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 700 Hz is at -7.0 to -5.4 dB
      And the tone of 1000 Hz is at -4.0 to -2.4 dB

    @LL-FILTERS-124.g @needs-filter-karaoke
    Scenario: A narrow one
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-220hz-1000hz-2s.wav"
      When the client updates the player with {"filters": {"karaoke": {"filterBand": 1000.0, "filterWidth": 20.0}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 220 Hz is at -35.5 to -31.5 dB
      And the tone of 1000 Hz is at -0.8 to 0.8 dB

  @LL-FILTERS-125 @observed
  Rule: A vibrato moves the pitch by so many hertz
    Sources: docs/observed/filters.md#vibrato; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-125.a @needs-filter-vibrato
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"vibrato": <filter>}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 2 seconds
      And the pitch of 1000 Hz swings <swing>

      Examples:
        | case     | filter                           | swing                                       |
        | defaults | {}                               | 1.85 to 2.15 times a second by 4 to 8.5 Hz  |
        | deep     | {"frequency": 5.0, "depth": 1.0} | 4.8 to 5.2 times a second by 25 to 36 Hz    |

    @LL-FILTERS-125.b @needs-filter-vibrato
    Scenario: A high tone, between its samples
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-8000hz-4s.wav"
      When the client updates the player with {"filters": {"vibrato": {"frequency": 2.0, "depth": 0.02}}, "track": {"encoded": "${track}"}}
      And 0.3 seconds pass
      Then the client listens for 1.5 seconds
      And the level swings 7.5 to 8.5 times a second, from 0.94 to 0.98 up to 0.99 to 1.03
      And besides 8000 Hz nothing is above -18.7 dB
      And the pitch of 8000 Hz swings 1.85 to 2.15 times a second by 1.5 to 2.6 Hz

    @LL-FILTERS-125.c @needs-filter-vibrato
    Scenario: As often as it can
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-400hz-4s.wav"
      When the client updates the player with {"filters": {"vibrato": {"frequency": 14.0, "depth": 1.0}}, "track": {"encoded": "${track}"}}
      And 0.3 seconds pass
      Then the client listens for 1 seconds
      And the pitch of 400 Hz swings 13.8 to 14.2 times a second by 26 to 40 Hz

  @LL-FILTERS-142 @observed
  Rule: A tremolo takes its depth away from the level
    It swings between 1 - depth and all of it.
    Sources: docs/observed/filters.md#tremolo; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-142.a @needs-filter-tremolo
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"tremolo": <filter>}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 2 seconds
      And the level swings <swing>

      Examples:
        | case     | filter                            | swing                                                            |
        | defaults | {}                                | 1.85 to 2.2 times a second, from 0.42 to 0.58 up to 0.92 to 1.08 |
        | deep     | {"frequency": 5.0, "depth": 1.0}  | 4.8 to 5.2 times a second, from 0.0 to 0.12 up to 0.90 to 1.08   |
        | shallow  | {"frequency": 4.0, "depth": 0.25} | 3.8 to 4.2 times a second, from 0.68 to 0.82 up to 0.92 to 1.08  |

  @LL-FILTERS-143 @observed
  Rule: A rotation takes each side from nothing to all of its sound
    It is never louder than without.
    Sources: docs/observed/filters.md#rotation; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-143.a @needs-filter-rotation
    Scenario: Once a second
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"rotation": {"rotationHz": 1.0}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 3 seconds
      And the level swings 0.9 to 1.15 times a second, from 0.0 to 0.1 up to 0.9 to 1.08

  @LL-FILTERS-126 @observed
  Rule: A low pass takes so much of a tone of 1000 Hz
    Sources: docs/observed/filters.md#low-pass; fixtures/recordings/unplayed/13_filters_1.json

    @LL-FILTERS-126.a @needs-filter-lowPass
    Scenario Outline: A smoothing of <smoothing>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      When the client updates the player with {"filters": {"lowPass": {"smoothing": <smoothing>}}, "track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB

      Examples:
        | smoothing | least | most  |
        | 20.0      | -9.8  | -7.8  |
        | 100.0     | -24.5 | -20.5 |

    @LL-FILTERS-126.b @needs-filter-lowPass
    Scenario: A smoothing of 2, and a higher tone
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-1000hz-8000hz-2s.wav"
      When the client updates the player with {"filters": {"lowPass": {"smoothing": 2.0}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.3 seconds
      And the tone of 1000 Hz is at -0.9 to 0.6 dB
      And the tone of 8000 Hz is at -5.6 to -3.9 dB

  @LL-FILTERS-127 @observed
  Rule: The volume of the player follows the same curve
    What the sender has already keeps its volume, and a volume of 0 is sent on as silence of its own.
    Sources: docs/observed/filters.md#volume-of-the-player; docs/observed/playback.md#volume; fixtures/recordings/playback/06_volume.json

    @LL-FILTERS-127.a
    Scenario Outline: A volume of <volume>
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 0.8 seconds pass
      When the client updates the player with {"volume": <volume>}
      And 2 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at <least> to <most> dB

      Examples:
        | volume | least | most  |
        | 10     | -23.2 | -20.5 |
        | 25     | -14.2 | -12.2 |
        | 50     | -8.4  | -6.8  |
        | 75     | -4.3  | -2.5  |
        | 125    | 2.8   | 4.6   |
        | 150    | 6.9   | 8.6   |
        | 200    | 9.4   | 11.1  |

    @LL-FILTERS-127.b
    Scenario: What the sender has keeps its volume
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"volume": 10}
      And the client listens for 0.08 seconds
      Then the tone of 1000 Hz is at -2 to 1 dB

    @LL-FILTERS-127.c
    Scenario: A volume of 0 is sent on
      Given a connected client
      And the player plays in a voice channel "tone-1000hz-30s.wav"
      And the client updates the player with {"volume": 0}
      When 2 seconds pass
      Then the voice channel hears 44 to 57 more frames and 0 of silence within 1 seconds

  @LL-FILTERS-120 @must
  Rule: No filters give the sound back as it was
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/filters.md#when-a-change-is-heard

    @LL-FILTERS-120.a @needs-filter-volume @needs-filter-lowPass
    Scenario: Emptied before the track
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      And the client updates the player with {"filters": {"volume": 0.5, "lowPass": {}}}
      When the client updates the player with {"filters": {}}
      And the client updates the player with {"track": {"encoded": "${track}"}}
      And 0.8 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -0.8 to 0.8 dB

    @LL-FILTERS-120.b @needs-filter-volume
    Scenario: Emptied while a track plays
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-440hz-1000hz-30s.wav"
      And the client updates the player with {"filters": {"volume": 0.5}, "track": {"encoded": "${track}"}}
      And 1 seconds pass
      When the client updates the player with {"filters": {}}
      And the client updates the player with {"position": 10000}
      And 1.5 seconds pass
      Then the client listens for 1 seconds
      And the left tone of 440 Hz is at -0.8 to 0.8 dB
      And the right tone of 1000 Hz is at -0.8 to 0.8 dB

  @LL-FILTERS-121 @must
  Rule: Filters stay from track to track
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/filters.md#replacing; document §1.7.4

    @LL-FILTERS-121.a @needs-filter-volume
    Scenario: The second track
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-10s.wav"
      And the client updates the player with {"filters": {"volume": 0.5}, "track": {"encoded": "${track}"}}
      And 0.5 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      And 1.2 seconds pass
      Then the client listens for 1 seconds
      And the tone of 1000 Hz is at -8.4 to -5.2 dB

  @LL-FILTERS-141 @observed
  Rule: Timescale leaves a tone a tone, and puts nothing beside it
    What is put together from pieces goes on where the last one ended, and what would lie above half the
    rate is taken away.
    Sources: docs/observed/filters.md#timescale

    @LL-FILTERS-141.a @needs-filter-timescale
    Scenario Outline: <case>
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-1000hz-<seconds>s.wav"
      When the client updates the player with {"filters": {"timescale": <filter>}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.4 seconds
      And the tone of <tone> Hz is at -0.9 to 0.9 dB
      And besides <tone> Hz nothing is above -30 dB

      Examples:
        | case              | filter                                    | tone | seconds |
        | half the speed    | {"speed": 0.5}                            | 1000 | 2       |
        | speed             | {"speed": 1.5}                            | 1000 | 4       |
        | higher            | {"pitch": 2.0}                            | 2000 | 3       |
        | lower             | {"pitch": 0.5}                            | 500  | 3       |
        | faster and higher | {"rate": 1.25}                            | 1250 | 3       |
        | slower and lower  | {"rate": 0.8}                             | 800  | 2       |
        | all three         | {"speed": 1.5, "pitch": 0.8, "rate": 1.5} | 1200 | 5       |

    @LL-FILTERS-141.b @needs-filter-timescale
    Scenario: Nothing is folded down
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-1000hz-16000hz-5s.wav"
      When the client updates the player with {"filters": {"timescale": {"rate": 2.0}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.4 seconds
      And the tone of 2000 Hz is at -0.9 to 0.9 dB
      And the tone of 16000 Hz is below -40 dB
      And besides 2000 Hz nothing is above -30 dB

    @LL-FILTERS-141.c @needs-filter-timescale
    Scenario: High tones stay
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-4000hz-18000hz-2s.wav"
      When the client updates the player with {"filters": {"timescale": {"rate": 0.5}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.4 seconds
      And the tone of 2000 Hz is at -0.9 to 0.9 dB
      And the tone of 9000 Hz is at -3.3 to -1.2 dB

    @LL-FILTERS-141.d @needs-filter-timescale
    Scenario: Each side is a sound of its own
      Given a connected client
      And the player is in a voice channel
      And a loaded track "tone-400hz-1000hz-4s.wav"
      When the client updates the player with {"filters": {"timescale": {"speed": 1.5}}, "track": {"encoded": "${track}"}}
      And 0.2 seconds pass
      Then the client listens for 0.4 seconds
      And the left tone of 400 Hz is at -0.9 to 0.9 dB
      And the right tone of 1000 Hz is at -0.9 to 0.9 dB
      And the left tone of 1000 Hz is below -40 dB
      And the right tone of 400 Hz is below -40 dB

  @LL-FILTERS-144 @observed
  Rule: What a higher rate would raise beyond what can be heard is not heard
    Without a filter in between it would come back as another tone.
    Sources: docs/observed/filters.md#timescale

    @LL-FILTERS-144.a @needs-filter-timescale
    Scenario: 15 kHz at twice the rate
      Given a connected client
      And the player is in a voice channel
      And a loaded track "mix-1000hz-15000hz-5s.wav"
      When the client updates the player with {"filters": {"timescale": {"rate": 2.0}}, "track": {"encoded": "${track}"}}
      And 0.5 seconds pass
      Then the client listens for 0.5 seconds
      And the tone of 2000 Hz is at -1 to 1 dB
      And the tone of 18000 Hz is below -40 dB
