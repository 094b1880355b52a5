#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# embed.sh FILE...: C++ source, to standard output, of apiserver/page/assets/assets.hpp's embedded_assets(): each file
# as zopfli compresses it: a gzip file, 3 % smaller than that of `gzip -9n`, and the same wherever the build runs.
set -eu
echo '// Made by apiserver/page/assets/embed.sh.'
echo '#include "apiserver/page/assets/assets.hpp"'
echo 'namespace apiserver {'
echo 'namespace {'
number=0
for file in "$@"; do
	echo "constexpr unsigned char kFile$number[] = {"
	zopfli -c "$file" | od -An -v -tu1 | sed -e 's/  */,/g' -e 's/^,//' -e 's/$/,/'
	echo '};'
	number=$((number + 1))
done
echo 'std::string_view text_of(const unsigned char* bytes, std::size_t size) {'
echo '    return {reinterpret_cast<const char*>(bytes), size};'
echo '}'
echo '}  // namespace'
echo 'std::vector<EmbeddedAsset> embedded_assets() {'
echo '    return {'
number=0
for file in "$@"; do
	echo "        {\"${file##*/}\", text_of(kFile$number, sizeof kFile$number)},"
	number=$((number + 1))
done
echo '    };'
echo '}'
echo '}  // namespace apiserver'
