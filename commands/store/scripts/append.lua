-- One entry at the audit's end.   ARGV: prefix, entry, seal, id of the key that made it.
append(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
