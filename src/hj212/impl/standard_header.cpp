#include <optional>

#include "byte_scan.hpp"
#include "fields.hpp"
#include "header_reading.hpp"

namespace mj::hj212 {
namespace {

using Signs = Places<'=', ';', ',', ' ', '\t', '\r', '\n'>;

/// Reads `name=value;` again and again; what is not of that form ends the standard form.
class HeaderScan {
 public:
  explicit HeaderScan(std::string_view segment) : segment_(segment), signs_(segment) {}

  /// The value of the field that comes next if it is `name` (with its equals sign); the position moves behind it. A field
  /// of that name in another form ends the standard form: nothing is taken after it.
  [[nodiscard]] bool take(std::string_view name, std::optional<std::string_view>& value) {
    if (!segment_.substr(at_).starts_with(name)) return false;
    const std::size_t equals = signs_.next();
    const std::size_t end = signs_.next();
    if (end == segment_.size() || segment_[end] != ';') {
      at_ = segment_.size();
      return false;
    }
    value = segment_.substr(equals + 1, end - equals - 1);
    at_ = end + 1;
    return true;
  }
  [[nodiscard]] std::string_view rest() const { return segment_.substr(at_); }

 private:
  std::string_view segment_;
  Signs signs_;
  std::size_t at_ = 0;
};

}  // namespace

bool read_standard_header(std::string_view segment, Header& header) {
  header = {};
  HeaderScan scan(segment);
  (void)scan.take("QN=", header.qn);
  if (!scan.take("ST=", header.st) || !scan.take("CN=", header.cn) || !scan.take("PW=", header.pw) ||
      !scan.take("MN=", header.mn)) {
    return false;
  }
  if (header.cn->size() != 4) return false;
  for (const char c : *header.cn) {
    if (c < '0' || c > '9') return false;
  }
  std::optional<std::string_view> flag;
  if (scan.take("Flag=", flag)) header.flag = read_flag(*flag);
  if (scan.take("PNUM=", header.pnum) && !scan.take("PNO=", header.pno)) return false;
  (void)scan.take("RF=", header.rf);
  std::string_view area = scan.rest();
  if (!area.starts_with("CP=&&") || area.size() < 7 || !area.ends_with("&&")) return false;
  area = area.substr(5, area.size() - 7);
  if (area.starts_with("&&QN=")) return false;
  header.cp = area;
  return true;
}

}  // namespace mj::hj212
