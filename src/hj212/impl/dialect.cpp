#include "fields.hpp"
#include "mj/hj212/message.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

/// Shape of a factor code: a letter and five digits since 2017 (`w01018`), three digits, two digits or `B01`/`S03` in 2005.
enum class Code { new_shape, old_shape, other };

Code shape_of(std::string_view code) {
  if (code.empty() || code.size() > 6) return Code::other;
  const bool letter = !is_digit(code.front());
  for (const char c : code.substr(1)) {
    if (!is_digit(c)) return Code::other;
  }
  if (!letter) return code.size() == 2 || code.size() == 3 ? Code::old_shape : Code::other;
  if (code.size() == 6) return Code::new_shape;
  return code.size() == 3 && (code.front() == 'B' || code.front() == 'S') ? Code::old_shape : Code::other;
}

struct Codes {
  bool old_shape = false;
  bool new_shape = false;
};

Codes codes_in(std::string_view cp) {
  Codes codes;
  for_each_field(cp, [&codes](const Field& field) {
    const std::string_view code = same_name(field.key, "PolId") ? field.value : field.factor;
    const Code shape = shape_of(code);
    codes.old_shape |= shape == Code::old_shape;
    codes.new_shape |= shape == Code::new_shape;
  });
  return codes;
}

/// 24 hexadecimal digits, HJ 212-2017 table 3.
bool is_standard_mn(std::string_view mn) {
  if (mn.size() != 24) return false;
  for (const char c : mn) {
    if (!is_hex(c)) return false;
  }
  return true;
}

}  // namespace

std::string_view name(Dialect dialect) {
  switch (dialect) {
    case Dialect::v2005: return "2005";
    case Dialect::v2017: return "2017";
    case Dialect::v2025: return "2025";
    case Dialect::unknown: return "unknown";
  }
  return "unknown";
}

Dialect dialect_of(const Header& header) {
  const std::string_view mn = header.mn.value_or("");
  if (header.flag && header.flag->version() == 1) return Dialect::v2017;
  if (header.flag && header.flag->version() == 2) {
    const bool surface_water = header.st == "21" || mn.find('_') != std::string_view::npos;
    return surface_water && !mn.empty() && !is_standard_mn(mn) ? Dialect::v2017 : Dialect::v2025;
  }
  if (header.flag && header.flag->version() > 2) return Dialect::unknown;
  // Version bits 0 or no Flag: devices that speak 2017 and forgot the bits are known by QN and the codes of 2017.
  const Codes codes = codes_in(header.cp.value_or(""));
  if (codes.old_shape) return Dialect::v2005;
  if (codes.new_shape && header.qn) return Dialect::v2017;
  if (header.flag || !header.qn) return Dialect::v2005;
  return mn.size() == 14 ? Dialect::v2005 : Dialect::unknown;
}

}  // namespace mj::hj212
