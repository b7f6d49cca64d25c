# Files become part of the binary, so that a program cannot meet files of another version.
#
#   mj_embed(mj_alarm NAMESPACE mj::alarm::sql FILES sql/0001_alarm.sql …)
#
# generates <target>_embedded.hpp and .cpp (private to the target). The header declares in that namespace
#   struct File { std::string_view name; std::string_view bytes; };   // name: without directories
#   std::span<const File> files();                                    // in the order given
# The bytes are exactly those of the file, whatever they are; a changed file is embedded again by the next build.
function(mj_embed target)
  cmake_parse_arguments(E "" "NAMESPACE" "FILES" ${ARGN})
  if(NOT E_NAMESPACE OR NOT E_FILES)
    message(FATAL_ERROR "mj_embed(${target}): NAMESPACE and FILES are needed")
  endif()
  set(paths "")
  foreach(file IN LISTS E_FILES)
    get_filename_component(path ${file} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND paths ${path})
  endforeach()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(base ${directory}/${target}_embedded)
  add_custom_command(
    OUTPUT ${base}.cpp ${base}.hpp
    COMMAND ${CMAKE_COMMAND} -DBASE=${base} -DNAMESPACE=${E_NAMESPACE} "-DFILES=${paths}"
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    COMMENT "Embedding files into ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${base}.cpp ${base}.hpp)
  target_include_directories(${target} PRIVATE ${directory})
endfunction()
