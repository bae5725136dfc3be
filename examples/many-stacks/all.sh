#!/bin/sh
# Runs one Pulumi command on every part, some of them at the same time.
#
#   ./all.sh 10 4 up --yes --skip-preview      ten parts, four at once
#   ./all.sh 10 4 preview --expect-no-changes
#   ./all.sh 10 4 destroy --yes --skip-preview
#
# What each of them said is in logs/; one that fails does not stop the others. Exit code 0 if all went well, else 1.
set -eu
[ $# -ge 3 ] || { sed -n 's/^# \{0,1\}//p' "$0" >&2; exit 2; }
parts=$1 at_once=$2
shift 2
cd "$(dirname "$0")"
mkdir -p logs

# The runs know nothing of each other, so each has its share of what the environment allows a minute.
: "${SCALEKIT_MAX_REQUESTS_PER_MINUTE:=600}"
SCALEKIT_MAX_REQUESTS_PER_MINUTE=$((SCALEKIT_MAX_REQUESTS_PER_MINUTE / at_once))
export SCALEKIT_MAX_REQUESTS_PER_MINUTE

# One after the other: this is quick, and two at once would both write which stack is selected.
stacks=
for part in $(seq "$parts"); do
  stack=part-$part-of-$parts
  pulumi stack select --create "$stack" --non-interactive > /dev/null
  stacks="$stacks $stack"
done

# The command is handed over as arguments, and not as text for a shell to read again.
printf '%s\n' $stacks | xargs -P "$at_once" -I '{}' sh -c '
  stack=$1
  shift
  if pulumi "$@" --stack "$stack" --non-interactive > "logs/$stack.log" 2>&1; then
    echo "$stack: done"
  else
    echo "$stack: FAILED, see logs/$stack.log"
    exit 1
  fi' all '{}' "$@" || exit 1
