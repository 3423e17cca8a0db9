-- A question to the cluster: its record and its due time; told apart from a repeated delivery of the same one.
-- ARGV: prefix, id, record, seconds kept, due, seen key, seconds seen.   Answers the id that is now at work on it.
local prefix, id, seen = ARGV[1], ARGV[2], ARGV[1] .. "seen:" .. ARGV[6]
local earlier = redis.call("GET", seen)
if earlier then return earlier end
redis.call("SET", seen, id, "EX", ARGV[7])
redis.call("SET", prefix .. "report:" .. id, ARGV[3], "EX", ARGV[4])
redis.call("ZADD", prefix .. "due", ARGV[5], id)
return id
