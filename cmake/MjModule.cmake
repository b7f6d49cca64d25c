# One call makes a room: its library, its tests, its fuzzers, its benchmarks. A room may depend only on
# rooms of a lower floor, and its include path holds only what it declared, so the compiler keeps the order.
#
#   mj_module(NAME evidence FLOOR 2
#     PUBLIC_DEPS kernel evidence_format     # appear in our public headers
#     PRIVATE_DEPS storage                   # used in impl/ only
#     LIBS_PRIVATE OpenSSL::Crypto           # third party
#     [TEST_DEPS hj212]                      # rooms that only the tests use
#     [NO_UNITY]                             # its files share names that must not meet in one translation unit,
#     [TESTS_APART]                          # or only those of its tests do
#     [TEST_ENV NAME=value]                  # environment of the test program
#     [TEST_LABELS concurrent])              # labels for ctest; "concurrent" tests also run under TSan

find_package(fmt REQUIRED)

# One precompiled header for all rooms: the standard library, fmt and tl::expected; nothing heavier.
file(WRITE ${CMAKE_BINARY_DIR}/mj_pch.cpp "")
add_library(mj_pch STATIC ${CMAKE_BINARY_DIR}/mj_pch.cpp)
target_link_libraries(mj_pch PUBLIC fmt::fmt)
target_precompile_headers(mj_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstddef> <cstdint> <cstring> <filesystem> <functional> <map> <memory>
  <mutex> <optional> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
  <fmt/format.h> <tl/expected.hpp>)

# And one for all tests, whose frameworks cost more than what they test.
if(MJ_TESTS)
  add_library(mj_test_pch STATIC ${CMAKE_BINARY_DIR}/mj_pch.cpp)
  target_link_libraries(mj_test_pch PUBLIC fmt::fmt GTest::gmock rapidcheck)
  target_precompile_headers(mj_test_pch PRIVATE
    <algorithm> <array> <atomic> <chrono> <cstddef> <cstdint> <cstring> <filesystem> <functional> <map> <memory>
    <mutex> <optional> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
    <fmt/format.h> <tl/expected.hpp> <gmock/gmock.h> <gtest/gtest.h> <rapidcheck/gtest.h>)
endif()

set_property(GLOBAL PROPERTY MJ_MODULES "")

function(mj_module)
  cmake_parse_arguments(M "NO_UNITY;TESTS_APART" "NAME;FLOOR" "PUBLIC_DEPS;PRIVATE_DEPS;LIBS_PUBLIC;LIBS_PRIVATE;TEST_DEPS;TEST_LIBS;TEST_LABELS;TEST_ENV" ${ARGN})
  foreach(dep IN LISTS M_PUBLIC_DEPS M_PRIVATE_DEPS)
    if(NOT TARGET mj_${dep})
      message(FATAL_ERROR "room ${M_NAME} depends on ${dep}, which is not declared above it in CMakeLists.txt")
    endif()
    get_target_property(dep_floor mj_${dep} MJ_FLOOR)
    if(NOT dep_floor LESS M_FLOOR)
      message(FATAL_ERROR "room ${M_NAME} (floor ${M_FLOOR}) may not depend on ${dep} (floor ${dep_floor}): "
                          "dependencies go strictly downward")
    endif()
  endforeach()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS impl/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS include/*.hpp)
  add_library(mj_${M_NAME} STATIC ${sources})
  add_library(mj::${M_NAME} ALIAS mj_${M_NAME})
  set_target_properties(mj_${M_NAME} PROPERTIES MJ_FLOOR ${M_FLOOR} LINKER_LANGUAGE CXX)
  target_include_directories(mj_${M_NAME} PUBLIC include PRIVATE impl)
  target_link_libraries(mj_${M_NAME} PUBLIC fmt::fmt ${M_LIBS_PUBLIC} PRIVATE ${M_LIBS_PRIVATE})
  foreach(dep IN LISTS M_PUBLIC_DEPS)
    target_link_libraries(mj_${M_NAME} PUBLIC mj::${dep})
  endforeach()
  foreach(dep IN LISTS M_PRIVATE_DEPS)
    target_link_libraries(mj_${M_NAME} PRIVATE mj::${dep})
  endforeach()
  target_precompile_headers(mj_${M_NAME} REUSE_FROM mj_pch)
  if(M_NO_UNITY)
    set_target_properties(mj_${M_NAME} PROPERTIES UNITY_BUILD OFF)
  endif()

  list(JOIN M_PUBLIC_DEPS "\", \"" public_json)
  list(JOIN M_PRIVATE_DEPS "\", \"" private_json)
  list(JOIN M_TEST_DEPS "\", \"" test_json)
  string(CONCAT json "{\"name\": \"${M_NAME}\", \"floor\": ${M_FLOOR}, "
                     "\"public\": [\"${public_json}\"], \"private\": [\"${private_json}\"], "
                     "\"test\": [\"${test_json}\"]}")
  string(REPLACE "[\"\"]" "[]" json "${json}")
  set_property(GLOBAL APPEND PROPERTY MJ_MODULES "${json}")

  if(MJ_TESTS)
    file(GLOB tests CONFIGURE_DEPENDS test/*_test.cpp)
    if(tests)
      add_executable(${M_NAME}_test ${tests})
      target_include_directories(${M_NAME}_test PRIVATE impl test)
      target_compile_definitions(${M_NAME}_test PRIVATE
        MJ_SOURCE_DIR="${CMAKE_SOURCE_DIR}" MJ_TESTDATA="${CMAKE_CURRENT_SOURCE_DIR}/test/testdata")
      target_link_libraries(${M_NAME}_test PRIVATE mj::${M_NAME} GTest::gmock GTest::gtest_main rapidcheck ${M_TEST_LIBS})
      foreach(dep IN LISTS M_PRIVATE_DEPS M_TEST_DEPS)
        target_link_libraries(${M_NAME}_test PRIVATE mj::${dep})
      endforeach()
      target_link_libraries(${M_NAME}_test PRIVATE ${M_LIBS_PRIVATE})
      target_precompile_headers(${M_NAME}_test REUSE_FROM mj_test_pch)
      if(M_NO_UNITY OR M_TESTS_APART)
        set_target_properties(${M_NAME}_test PROPERTIES UNITY_BUILD OFF)
      endif()
      add_test(NAME ${M_NAME}_test COMMAND ${M_NAME}_test)
      set_tests_properties(${M_NAME}_test PROPERTIES LABELS "unit;${M_TEST_LABELS}" TIMEOUT 600 ENVIRONMENT "${M_TEST_ENV}")
    endif()
  endif()

  if(MJ_FUZZ)
    file(GLOB fuzzers CONFIGURE_DEPENDS test/*_fuzz.cpp)
    if(fuzzers)
      # Coverage steers a fuzzer through the room whose reader it feeds; elsewhere it only costs.
      target_compile_options(mj_${M_NAME} PRIVATE -fsanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table)
    endif()
    foreach(fuzzer IN LISTS fuzzers)
      get_filename_component(fuzz_name ${fuzzer} NAME_WE)
      add_executable(${fuzz_name} ${fuzzer})
      target_include_directories(${fuzz_name} PRIVATE impl)
      target_link_libraries(${fuzz_name} PRIVATE mj::${M_NAME} ${M_LIBS_PRIVATE})
      foreach(dep IN LISTS M_PRIVATE_DEPS M_TEST_DEPS)
        target_link_libraries(${fuzz_name} PRIVATE mj::${dep})
      endforeach()
      target_link_options(${fuzz_name} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()

  if(MJ_BENCH)
    file(GLOB benches CONFIGURE_DEPENDS test/*_bench.cpp)
    if(benches)
      add_executable(${M_NAME}_bench ${benches})
      target_include_directories(${M_NAME}_bench PRIVATE impl)
      target_compile_definitions(${M_NAME}_bench PRIVATE MJ_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
      target_link_libraries(${M_NAME}_bench PRIVATE mj::${M_NAME} benchmark::benchmark_main ${M_LIBS_PRIVATE})
      foreach(dep IN LISTS M_PRIVATE_DEPS M_TEST_DEPS)
        target_link_libraries(${M_NAME}_bench PRIVATE mj::${dep})
      endforeach()
      target_precompile_headers(${M_NAME}_bench REUSE_FROM mj_pch)
    endif()
  endif()
endfunction()

# The declared graph, read by tools/lint/layering.py.
function(mj_write_module_graph)
  get_property(modules GLOBAL PROPERTY MJ_MODULES)
  list(JOIN modules ",\n  " body)
  file(WRITE ${CMAKE_BINARY_DIR}/modules.json "[\n  ${body}\n]\n")
endfunction()
