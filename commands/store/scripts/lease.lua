-- A hold with a fencing epoch. ARGV: prefix, name, owner, milliseconds, token held so far ("" for none)
-- Answers the token ("epoch:owner"), or "" where another holds it.
local prefix, name, owner, ms, held = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local lease, epoch = prefix .. "lease:" .. name, prefix .. "epoch:" .. name
local current = redis.call("GET", lease)
if held ~= "" then
  if current ~= held then return "" end
  redis.call("PEXPIRE", lease, ms)
  return held
end
if current then return "" end
local token = redis.call("INCR", epoch) .. ":" .. owner
redis.call("EXPIRE", epoch, 604800)
redis.call("SET", lease, token, "PX", ms)
return token
