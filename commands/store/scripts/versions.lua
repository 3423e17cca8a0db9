-- Ids in flight and the versions of their records, in turn. ARGV: prefix
local answer = {}
for _, id in ipairs(redis.call("ZRANGE", ARGV[1] .. "flight", 0, -1)) do
  answer[#answer + 1] = id
  answer[#answer + 1] = redis.call("HGET", ARGV[1] .. "operation:" .. id, "version") or "0"
end
return answer
