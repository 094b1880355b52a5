#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# as_served.sh NAME: a file of the page as it is served, to be compressed and embedded. uPlot goes as it stands.
# page.js is the modules in the order of their needs, and both it and style.css go without what only a reader of the
# source wants: comments, indentation, spaces, and the lines that tie modules. Strings stay as they are.
# What it asks of a module: a comment has its own line, an import one line, each statement its semicolon, and a regular
# expression no space.
set -eu
cd "$(dirname "$0")"

modules="text dom route format live curve bar cells table rows chart detail overview keys main"

case $1 in
page.js)
	# Spaces in strings are set aside as \x01 while the others go.
	for module in $modules; do
		cat "modules/$module.js"
	done | sed -e '/^import /d' -e 's/^export //' -e 's/^[[:space:]]*//' -e '/^\/\//d' -e '/^$/d' -e ': inside' \
		-e 's/^\(\("[^"]*"\|`[^`]*`\|[^"`]\)*\("[^" ]*\|`[^` ]*\)\) /\1\x01/' -e 't inside' \
		-e 's# *\([-+*/=<>?:,;{}()|&!]\) *#\1#g' -e 's/\x01/ /g' |
		sed -z -e 's/\([{(,;?:=&|+[]\)\n/\1/g' -e 's/\n\([])}?:.]\)/\1/g' -e 's/;}/}/g'
	;;
style.css)
	sed -e 's/^[[:space:]]*//' -e 's/\/\*.*\*\///' -e 's/: /:/g' -e 's/ {$/{/' -e 's/ { /{/g' -e 's/[;,] /&/g' style.css |
		sed -z -e 's/\n//g' -e 's/\([;,>{}]\) /\1/g' -e 's/ \([>{}]\)/\1/g' -e 's/;}/}/g'
	;;
index.html)
	sed '/^<!--/d' index.html
	;;
*)
	echo "as_served.sh makes no $1" >&2
	exit 2
	;;
esac
