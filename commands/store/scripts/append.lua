-- One entry at the audit's end, chained to the one before.
-- ARGV: prefix, entry, JSON of its link (see ledger.py).   Answers {"ok"} | {"behind", number, hash}
local prefix, entry, link = ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local head = redis.call("HMGET", prefix .. "audit-head", "n", "hash")
local number, hash = tonumber(head[1] or "0"), head[2] or ""
if number ~= link.n - 1 or hash ~= link.prev then return {"behind", tostring(number), hash} end
redis.call("XADD", prefix .. "audit", "*", "entry", entry, "n", link.n, "prev", link.prev, "seal", link.seal, "key", link.key)
redis.call("HSET", prefix .. "audit-head", "n", link.n, "hash", link.hash)
return {"ok"}
