-- Searches of two words and three filters, or beginnings of words, in an order that repeats on every run but no
-- query twice; the 95th percentile in milliseconds at the end.
local words, nouns, seed, kind = {}, {}, 1, "search"

local function read(path, into, column)
  local first = true
  for line in io.lines(path) do
    local cells = {}
    for cell in (line .. ","):gmatch("([^,]*),") do cells[#cells + 1] = cell end
    if not first and cells[column] then into[#into + 1] = cells[column] end
    first = false
  end
end

function setup(thread) thread:set("number", 1) end

function init(args)
  kind = args[1]
  read(args[2] .. "/words.csv", words, 2)
  read(args[2] .. "/families.csv", nouns, 1)
  seed = tonumber(args[3])
end

local function escape(s) return (s:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end)) end

function request()
  seed = seed + 1
  local noun = nouns[seed % #nouns + 1]
  local last = noun:match("(%S+)$")
  if kind == "suggest" then
    return wrk.format("GET", "/search/suggest?q=" .. escape(last:sub(1, 2 + seed % 4)))
  end
  return wrk.format("GET", "/search?q=" .. escape(words[(seed * 7) % #words + 1] .. " " .. last) ..
    "&in_stock=1&rating=" .. (seed % 4 + 1) .. "&sale=1&price_max=" .. (5000 + seed))
end

function done(summary, latency)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("p95 %.2f mean %.2f errors %d\n", latency:percentile(95) / 1000, latency.mean / 1000, bad))
end
