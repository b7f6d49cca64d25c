# Language level, warnings, sanitizers and the linker: the same for every target, so that one
# precompiled header serves all.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_COMPILE_OPTIONS_PIE "-fPIC")  # one mode everywhere, or executables could not share the precompiled header
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # g++ 12 miscompiles ordinary Boost.Asio coroutine statements (double frees without a warning).
  message(FATAL_ERROR "Mingjian is built with clang 19: cmake --preset release")
endif()

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                    -Werror=unused-result -fno-omit-frame-pointer)
if(MJ_WERROR)
  add_compile_options(-Werror)
endif()
# A package update may touch a system header's date without changing it; that must not break a built tree.
add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
add_link_options(-fuse-ld=lld)

set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_EXE_LINKER_FLAGS_SANITIZE "" CACHE STRING "" FORCE)
if(MJ_SANITIZE)
  add_compile_options(-fsanitize=${MJ_SANITIZE} -fno-sanitize-recover=all)
  # The vptr check links against type information that Debian's libsoci keeps to itself.
  add_compile_options(-fno-sanitize=vptr)
  add_link_options(-fsanitize=${MJ_SANITIZE})
endif()
