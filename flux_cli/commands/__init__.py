"""One file a verb, generic over kinds: arguments, one service call, one printer."""
