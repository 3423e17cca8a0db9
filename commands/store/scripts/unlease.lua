-- Give a lease up, if it is still ours. ARGV: prefix, name, token
local lease = ARGV[1] .. "lease:" .. ARGV[2]
if redis.call("GET", lease) == ARGV[3] then return redis.call("DEL", lease) end
return 0
