#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

constexpr std::size_t kFlushAt = 1U << 18U;

void append_json(std::string& out, std::string_view value) {
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

constexpr bool is_special(char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

void append_csv(std::string& out, std::string_view value) {
  if (std::none_of(value.begin(), value.end(), is_special)) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

SheetWriter::SheetWriter(ByteSink sink, SheetFormat format, std::vector<std::string> columns)
    : sink_(std::move(sink)), format_(format), keys_(std::move(columns)) {
  out_.reserve(kFlushAt + 4096);
  if (format_ == SheetFormat::csv) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (i > 0) out_ += ',';
      append_csv(out_, keys_[i]);
    }
    out_ += '\n';
    return;
  }
  out_ = "[";
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    std::string key = i == 0 ? "{" : ",";
    append_json(key, keys_[i]);
    keys_[i] = key + ":";
  }
}

void SheetWriter::begin_cell() {
  if (format_ == SheetFormat::json) {
    if (cell_ == 0) out_ += any_row_ ? ",\n" : "\n";
    out_ += keys_[cell_];
  } else if (cell_ > 0) {
    out_ += ',';
  }
  ++cell_;
}

void SheetWriter::raw(std::string_view value) {
  begin_cell();
  out_ += value;
}

SheetWriter& SheetWriter::text(std::string_view value) {
  begin_cell();
  if (format_ == SheetFormat::json) {
    append_json(out_, value);
  } else {
    append_csv(out_, value);
  }
  return *this;
}

SheetWriter& SheetWriter::integer(std::int64_t value) {
  std::array<char, 24> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  raw(std::string_view(digits.data(), static_cast<std::size_t>(written.ptr - digits.data())));
  return *this;
}

SheetWriter& SheetWriter::decimal(Decimal value) {
  raw(to_text(value));
  return *this;
}

SheetWriter& SheetWriter::none() {
  raw(format_ == SheetFormat::json ? "null" : "");
  return *this;
}

SheetWriter& SheetWriter::yes_no(std::optional<bool> value) {
  if (!value) return none();
  if (format_ == SheetFormat::json) {
    raw(*value ? "true" : "false");
  } else {
    raw(*value ? "yes" : "no");
  }
  return *this;
}

Status SheetWriter::end_row() {
  if (cell_ != keys_.size()) return Error(ErrorCode::internal, "a row has another number of cells than columns");
  out_ += format_ == SheetFormat::json ? "}" : "\n";
  cell_ = 0;
  any_row_ = true;
  return out_.size() >= kFlushAt ? flush() : Status();
}

Status SheetWriter::flush() {
  MJ_CHECK(sink_(out_));
  out_.clear();
  return {};
}

Status SheetWriter::finish() {
  if (format_ == SheetFormat::json) out_ += "\n]\n";
  return flush();
}

}  // namespace mj::assess
