#!/usr/bin/env bash
# Asks with an AWS CLI what standard input says, a line of `operation<tab>command<tab>input` each, and keeps what it prints.
# Usage: dump.sh AWS OUTPUTS FOLDER; the outputs (`json yaml-stream`) go by turns, and two processes run at a time.
set -u
aws=$1 outputs=($2) folder=$3 number=0

ask() {
  local operation=$1 command=$2 input=$3 output=$4 answer=$folder/$1.$5 errors=$folder/errors.$5
  # Version 2.9 does not read AWS_ENDPOINT_URL_SAGEMAKER.
  if "$aws" sagemaker "$command" --cli-input-json "$input" --output "$output" \
    --endpoint-url "$AWS_ENDPOINT_URL_SAGEMAKER" >"$answer" 2>"$errors"; then
    rm "$errors"
  elif grep -q "Invalid choice" "$errors"; then
    echo "unknown $operation" >&2
    rm "$errors" "$answer"
  fi
}

while IFS=$'\t' read -r operation command input; do
  number=$((number + 1))
  ask "$operation" "$command" "$input" "${outputs[number % ${#outputs[@]}]}" "$number" &
  [ $((number % 2)) = 1 ] || wait
done
wait
! cat "$folder"/errors.* 2>/dev/null >&2
