#include "text_table.hpp"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <cwchar>
#include <memory>

namespace mj::app {
namespace {

/// The UTF-8 locale every Debian has, for this thread while it lives; what the user's own locale is does not matter.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = ::uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_ = nullptr;
  locale_t before_ = nullptr;
};

constexpr std::string_view kBetween = "  ";

void append_cell(std::string& line, const std::string& cell, std::size_t width, TextTable::Align align) {
  const std::string fill(width - std::min(width, display_width(cell)), ' ');
  line += align == TextTable::Align::right ? fill + cell : cell + fill;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  const Utf8Locale locale;
  std::size_t width = 0;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t character = 0;
    const std::size_t size = std::mbrtowc(&character, text.data(), text.size(), &state);
    if (size == static_cast<std::size_t>(-1) || size == static_cast<std::size_t>(-2)) {
      state = {};
      ++width;
      text.remove_prefix(1);
      continue;
    }
    width += static_cast<std::size_t>(std::max(0, ::wcwidth(character)));
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return clean;
}

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  std::string all;
  const auto append_row = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += kBetween;
      append_cell(line, cell_of(i), widths[i], columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + "\n";
  };
  append_row([this](std::size_t i) -> const std::string& { return columns_[i].title; });
  for (const auto& row : rows_) append_row([&row](std::size_t i) -> const std::string& { return row[i]; });
  return all;
}

}  // namespace mj::app
