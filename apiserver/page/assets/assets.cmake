# SPDX-License-Identifier: Apache-2.0
# The files of the page, by their names below /ui/, compressed into the source ${page_embedded}.
set(page_here ${CMAKE_CURRENT_LIST_DIR})
set(page_made ${CMAKE_CURRENT_BINARY_DIR}/page)
file(MAKE_DIRECTORY ${page_made})

# What is not served as it stands: as_served.sh makes it.
file(GLOB page_sources CONFIGURE_DEPENDS ${page_here}/*.html ${page_here}/*.css ${page_here}/modules/*.js)
set(page_files ${PROJECT_SOURCE_DIR}/third_party/uplot/dist/uPlot.iife.min.js)
foreach(file index.html style.css page.js)
  add_custom_command(OUTPUT ${page_made}/${file}
    COMMAND sh ${page_here}/as_served.sh ${file} > ${page_made}/${file}
    DEPENDS ${page_here}/as_served.sh ${page_sources} VERBATIM)
  list(APPEND page_files ${page_made}/${file})
endforeach()

# A pipe hides that it is missing.
find_program(ZOPFLI zopfli REQUIRED)
set(page_embedded ${page_made}/embedded_assets.cpp)
add_custom_command(OUTPUT ${page_embedded}
  COMMAND sh ${page_here}/embed.sh ${page_files} > ${page_embedded}
  DEPENDS ${page_here}/embed.sh ${page_files} VERBATIM)
