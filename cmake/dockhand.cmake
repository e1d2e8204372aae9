# How every part of Dockhand is built: the language subset, the warnings, and the rings.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wconversion)
if(DOCKHAND_WERROR)
  add_compile_options(-Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Guesses about the inside of std::optional and std::string that g++ 12 to 14 get wrong when they
    # optimise; clang and the sanitizers look for the same mistakes without guessing.
    add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=restrict)
  endif()
endif()
if(DOCKHAND_SANITIZE)
  add_compile_options(-fsanitize=${DOCKHAND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DOCKHAND_SANITIZE})
endif()
if(DOCKHAND_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
if(DOCKHAND_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# dockhand_core(NAME SOURCES file... [RING part...] [USES library...])
#
# One folder of core/ as one library. RING names the parts whose headers this part, and whoever
# uses it, may include; USES names outside libraries, which stay hidden from its users.
# A part's headers are reached as "NAME/header.h" through a directory that holds nothing but this
# part, so that an include from outside the ring does not compile.
function(dockhand_core name)
  cmake_parse_arguments(ARG "" "" "SOURCES;RING;USES" ${ARGN})
  set(door ${CMAKE_BINARY_DIR}/rings/${name})
  file(MAKE_DIRECTORY ${door})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${door}/${name} SYMBOLIC)
  add_library(dockhand_${name} STATIC ${ARG_SOURCES})
  target_include_directories(dockhand_${name} PUBLIC ${door})
  list(TRANSFORM ARG_RING PREPEND dockhand_)
  target_link_libraries(dockhand_${name} PUBLIC ${ARG_RING} PRIVATE ${ARG_USES})
endfunction()
