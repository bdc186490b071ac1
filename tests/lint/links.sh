#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# links.sh PROGRAM...: fails if one of them needs GTK or anything that comes with it.
status=0
for program in "$@"; do
  libraries=$(ldd "$program") || exit 1
  if echo "$libraries" | grep -E 'libgtk|libadwaita|libgdk|libcairo|libpango|libX11|libwayland'; then
    echo "$program links a toolkit"
    status=1
  fi
done
exit $status
