@profile-short-updates
Feature: The interval of playerUpdates can be configured
  Here playerUpdateInterval is 1.

  @LL-PLAYER-110 @must
  Rule: playerUpdateInterval says how many seconds lie between playerUpdates
    Sources: docs/observed/players.md#playerupdates; document §1.6

    @LL-PLAYER-110.a @needs-http-source
    Scenario: Three more, a second apart
      Given a connected client
      And a playing track "tone-30s.wav"
      Then no "playerUpdate" follows within 0.5 seconds
      And the client receives "playerUpdate" within 1 seconds with {"guildId": "${guild}"}
      And no "playerUpdate" follows within 0.5 seconds
      And the client receives "playerUpdate" within 1 seconds with {"guildId": "${guild}"}
      And no "playerUpdate" follows within 0.5 seconds
      And the client receives "playerUpdate" within 1 seconds with {"guildId": "${guild}"}
