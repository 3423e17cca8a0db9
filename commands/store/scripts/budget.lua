-- A token bucket shared by all bots, of which no minute sees more than a minute's tokens. The calls of the latest minute are
-- the members of a sorted set. ARGV: prefix, name, now, tokens a minute, most tokens at once, tokens to leave for others
-- Answers the seconds to wait as a string; "0" means that one was taken.
local key, now, minute, most, spare = ARGV[1] .. "budget:" .. ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local past, rate = key .. ":past", minute / 60
local state = redis.call("HMGET", key, "tokens", "at", "blocked")
local tokens, at, blocked = tonumber(state[1] or most), tonumber(state[2] or now), tonumber(state[3] or 0)
if blocked > now then return tostring(blocked - now) end
tokens = math.min(most, tokens + math.max(0, now - at) * rate)
redis.call("ZREMRANGEBYSCORE", past, "-inf", now - 60)
local wait = math.max(0, (1 + spare - tokens) / rate)
local over = redis.call("ZCARD", past) + 1 + spare - minute
if over > 0 then wait = math.max(wait, tonumber(redis.call("ZRANGE", past, over - 1, over - 1, "WITHSCORES")[2]) + 60.01 - now) end
if wait < 0.001 then  -- what is less comes of rounding; the hundredth above keeps that out of the minute
  wait = 0
  tokens = tokens - 1
  redis.call("ZADD", past, now, redis.call("HINCRBY", key, "taken", 1))
  redis.call("EXPIRE", past, 60)
end
redis.call("HSET", key, "tokens", tostring(tokens), "at", tostring(math.max(at, now)))
redis.call("EXPIRE", key, 3600)
return tostring(wait)
