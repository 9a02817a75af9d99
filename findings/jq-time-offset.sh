#!/bin/sh
# The AWS CLI prints a time with the offset of where it runs: 2023-01-05T10:00:00+09:00. One would expect jq's strptime, which has %z
# for the offset, to heed it. It reads the offset and drops it, and mktime takes the rest for UTC: the job has begun nine hours later
# than it did, and between offsets jobs change their order. gojq, the same language, heeds it.
# Seen with jq 1.6 and gojq 0.12.11 (of Debian).
. "$(dirname "$0")/lib"
from_debian 'jq=1.6-2.1+deb12u3 libjq1=1.6-2.1+deb12u3 libonig5=6.9.8-1 gojq=0.12.11-1'
bin=$place/debian/usr/bin
LD_LIBRARY_PATH=$(dirname "$(find "$place/debian" -name 'libjq.so.1')")
export LD_LIBRARY_PATH
"$bin/jq" --version
"$bin/gojq" --version
times='["2023-01-05T10:00:00+09:00", "2023-01-05T02:00:00+00:00"]'
# shellcheck disable=SC2016 # a program of jq
program='map(strptime("%Y-%m-%dT%H:%M:%S%z") | mktime | todate) | "\(.[0]) \(.[1])"'
read_by_jq=$(echo "$times" | "$bin/jq" -r "$program")
read_by_gojq=$(echo "$times" | "$bin/gojq" -r "$program")
echo "$times"
echo "jq reads   $read_by_jq"
echo "gojq reads $read_by_gojq"
[ "$read_by_jq" = '2023-01-05T10:00:00Z 2023-01-05T02:00:00Z' ] && [ "$read_by_gojq" = '2023-01-05T01:00:00Z 2023-01-05T02:00:00Z' ]
