# Run by mj_embed() at build time: writes BASE.hpp and BASE.cpp holding FILES in NAMESPACE.
get_filename_component(stem ${BASE} NAME)
file(WRITE ${BASE}.hpp "#pragma once

#include <span>
#include <string_view>

namespace ${NAMESPACE} {

struct File {
  std::string_view name;
  std::string_view bytes;
};
std::span<const File> files();

}  // namespace ${NAMESPACE}
")
set(arrays "")
set(table "")
set(number 0)
foreach(path IN LISTS FILES)
  get_filename_component(name ${path} NAME)
  file(READ ${path} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR length "${digits} / 2")
  string(REGEX REPLACE "(................................................................)" "\\1\n    " hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char kBytes${number}[] = {\n    ${bytes}0};\n")
  string(APPEND table
         "    File{\"${name}\", std::string_view(reinterpret_cast<const char*>(kBytes${number}), ${length})},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${BASE}.cpp "#include \"${stem}.hpp\"

namespace ${NAMESPACE} {
namespace {
${arrays}
const File kFiles[] = {
${table}};
}  // namespace

std::span<const File> files() { return kFiles; }

}  // namespace ${NAMESPACE}
")
