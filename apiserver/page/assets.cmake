# SPDX-License-Identifier: Apache-2.0
# The files of the page, by their names below /ui/, compressed into the source ${page_embedded}.
set(page_here ${CMAKE_CURRENT_LIST_DIR})
set(page_made ${CMAKE_CURRENT_BINARY_DIR})
set(page_assets
  index.html=${page_here}/assets/index.html
  style.css=${page_here}/assets/style.css
  theme.js=${page_here}/assets/theme.js
  page.js=${page_made}/page.js
  uPlot.iife.min.js=${PROJECT_SOURCE_DIR}/third_party/uplot/dist/uPlot.iife.min.js)

file(GLOB page_modules CONFIGURE_DEPENDS ${page_here}/modules/*.js)
add_custom_command(OUTPUT ${page_made}/page.js
  COMMAND sh ${page_here}/join.sh ${page_here}/modules > ${page_made}/page.js
  DEPENDS ${page_here}/join.sh ${page_modules} VERBATIM)

set(page_embedded ${page_made}/page_assets.cpp)
list(TRANSFORM page_assets REPLACE "^[^=]*=" "" OUTPUT_VARIABLE page_files)
add_custom_command(OUTPUT ${page_embedded}
  COMMAND sh ${page_here}/embed.sh ${page_assets} > ${page_embedded}
  DEPENDS ${page_here}/embed.sh ${page_files} VERBATIM)
