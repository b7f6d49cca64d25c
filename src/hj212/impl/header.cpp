#include <fmt/format.h>

#include "fields.hpp"
#include "header_reading.hpp"
#include "header_walk.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

std::string_view value_of(std::string_view text) {
  text = trim(text);
  while (!text.empty() && is_separator(text.back())) text = trim(text.substr(0, text.size() - 1));
  return text;
}

/// The first of several fields of one name counts.
void set(std::optional<std::string_view>& field, std::string_view value) {
  if (!field) field = value;
}

void assign(Header& header, HeaderName name, std::string_view value) {
  switch (name) {
    case HeaderName::qn: return set(header.qn, value);
    case HeaderName::st: return set(header.st, value);
    case HeaderName::cn: return set(header.cn, value);
    case HeaderName::pw: return set(header.pw, value);
    case HeaderName::mn: return set(header.mn, value);
    case HeaderName::pnum: return set(header.pnum, value);
    case HeaderName::pno: return set(header.pno, value);
    case HeaderName::rf: return set(header.rf, value);
    case HeaderName::flag:
      if (!header.flag) header.flag = read_flag(value);
      return;
    case HeaderName::cp:
    case HeaderName::unknown: return;
  }
}

void read_fields_into(std::string_view text, Header& header, std::string& error) {
  walk_header(text, [&header, &error](const HeaderField& field) {
    if (field.name != HeaderName::cp) return assign(header, field.name, value_of(field.value));
    if (header.cp) return;
    header.cp = field.value;
    if (!field.area_marked) error = "data area without &&";
  });
}

void complain(std::string& error, std::string text) {
  if (!error.empty()) error += "; ";
  error += text;
}

}  // namespace

std::optional<Flag> read_flag(std::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > 255) return std::nullopt;
  return Flag{static_cast<std::uint8_t>(value)};
}

HeaderReading read_header(std::string_view segment) {
  HeaderReading reading;
  if (!read_standard_header(segment, reading.header)) reading = read_any_header(segment);
  return reading;
}

HeaderReading read_any_header(std::string_view segment) {
  HeaderReading reading;
  Header& header = reading.header;
  read_fields_into(segment, header, reading.error);
  if (!header.cn) {
    complain(reading.error, "CN is missing");
  } else if (header.cn->size() != 4 || header.cn->find_first_not_of("0123456789") != std::string_view::npos) {
    complain(reading.error, fmt::format("CN of {} characters is not four digits", header.cn->size()));
  }
  if (!header.cp) complain(reading.error, "CP is missing");
  return reading;
}

void read_fields(std::string_view cp, std::vector<Field>& fields) {
  fields.clear();
  for_each_field(cp, [&fields](const Field& field) { fields.emplace_back() = field; });
}

std::optional<Instant> read_data_time(std::string_view value) { return parse_compact(trim(value)); }

}  // namespace mj::hj212
