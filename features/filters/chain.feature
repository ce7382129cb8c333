Feature: Filters of a player over time
  A PATCH replaces them all; they outlive tracks.

  @LL-FILTERS-030 @must
  Rule: Filters are replaced as a whole
    The document's table says that omitted filters stay; its own warning and the server say no.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/filters.md#replacing; document §1.7.4, §1.7.5, §5.2

    @LL-FILTERS-030.a @needs-filter-volume @needs-filter-karaoke @needs-filter-tremolo
    Scenario: A filter that is not named is gone
      Given a connected client
      And the client updates the player with {"filters": {"karaoke": {}, "volume": 0.5}}
      When the client updates the player with {"filters": {"tremolo": {}}}
      Then the answer contains {"filters": {"tremolo": "#object", "karaoke": "#none", "volume": "#none or 1"}}

    @LL-FILTERS-030.b @needs-filter-volume @needs-filter-karaoke
    Scenario: An empty object clears them
      Given a connected client
      And the client updates the player with {"filters": {"karaoke": {}, "volume": 0.5}}
      When the client updates the player with {"filters": {}}
      Then the answer contains {"filters": {"karaoke": "#none", "volume": "#none or 1"}}
      And the player contains {"filters": {"karaoke": "#none", "volume": "#none or 1"}}

    @LL-FILTERS-030.c @needs-filter-tremolo
    Scenario: Fields of a filter are not merged either
      Given a connected client
      And the client updates the player with {"filters": {"tremolo": {"frequency": 5, "depth": 0.9}}}
      When the client updates the player with {"filters": {"tremolo": {"depth": 0.1}}}
      Then the answer contains {"filters": {"tremolo": {"frequency": "#none or 2", "depth": 0.1}}}

  @LL-FILTERS-031 @must
  Rule: A body without filters leaves them alone
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/filters.md#replacing; document §1.7.4

    @LL-FILTERS-031.a @needs-filter-rotation
    Scenario: Another field is changed
      Given a connected client
      And the client updates the player with {"filters": {"rotation": {"rotationHz": 0.2}}}
      When the client updates the player with {"volume": 20}
      Then the answer contains {"filters": {"rotation": {"rotationHz": 0.2}}}

  @LL-FILTERS-129 @observed
  Rule: A body that is refused leaves the filters alone
    Sources: docs/observed/filters.md#decoding-of-filters

    @LL-FILTERS-129.a @needs-filter-volume @needs-filter-rotation
    Scenario: A refused body changes none of them
      Given a connected client
      And the client updates the player with {"filters": {"rotation": {"rotationHz": 0.2}}}
      When the client updates the player with {"filters": {"volume": null}}
      Then the player contains {"filters": {"rotation": {"rotationHz": 0.2}}}

  @LL-FILTERS-032 @must
  Rule: Filters belong to the player, not to the track
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/filters.md#replacing; document §1.7.4

    @LL-FILTERS-032.a @needs-http-source @needs-filter-lowPass
    Scenario: They stay when a track starts, is replaced and stops
      Given a connected client
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"filters": {"lowPass": {"smoothing": 5}}}
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer contains {"filters": {"lowPass": {"smoothing": 5}}}
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer contains {"filters": {"lowPass": {"smoothing": 5}}}
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"filters": {"lowPass": {"smoothing": 5}}}

    @LL-FILTERS-032.b @needs-http-source @needs-filter-lowPass
    Scenario: They can be set while a track is paused
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"paused": true}
      When the client updates the player with {"filters": {"lowPass": {"smoothing": 5}}}
      Then the answer contains {"filters": {"lowPass": {"smoothing": 5}}}

    @LL-FILTERS-032.c @needs-filter-lowPass
    Scenario: Each player has its own
      Given a connected client
      And a player "2"
      When the client updates the player with {"filters": {"lowPass": {}}}
      Then player "2" contains {"filters": {"lowPass": "#none"}}

  @LL-FILTERS-033 @observed
  Rule: Filters show in one order, whatever order they were sent in
    Volume, equalizer, karaoke, timescale, tremolo, vibrato, distortion, rotation, channelMix, lowPass.
    JSON objects have no order, so no client should need it.
    Sources: docs/observed/filters.md#how-filters-are-shown

    @LL-FILTERS-033.a @needs-filter-volume @needs-filter-equalizer @needs-filter-karaoke @needs-filter-timescale @needs-filter-tremolo @needs-filter-vibrato @needs-filter-distortion @needs-filter-rotation @needs-filter-channelMix @needs-filter-lowPass
    Scenario: All ten
      Given a connected client
      When the client updates the player with {"filters": {"lowPass": {}, "channelMix": {}, "rotation": {}, "distortion": {}, "vibrato": {}, "tremolo": {}, "timescale": {}, "karaoke": {}, "equalizer": [], "volume": 1}}
      Then the answer is 200
      And the answer at "/filters" is {"volume": 1, "equalizer": [], "karaoke": "#object", "timescale": "#object", "tremolo": "#object", "vibrato": "#object", "distortion": "#object", "rotation": "#object", "channelMix": "#object", "lowPass": "#object"}
      And the answer at "/filters" has its keys in the order "volume, equalizer, karaoke, timescale, tremolo, vibrato, distortion, rotation, channelMix, lowPass"

  @LL-FILTERS-034 @should
  Rule: Filters are shown wherever the player is
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/filters.md#how-filters-are-shown

    @LL-FILTERS-034.a @needs-filter-rotation
    Scenario: In the list of players
      Given a connected client
      And the client updates the player with {"filters": {"rotation": {"rotationHz": 0.5}}}
      When the client fetches all players
      Then the answer contains [{"filters": {"rotation": {"rotationHz": 0.5}}}]
