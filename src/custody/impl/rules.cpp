#include <toml++/toml.h>

#include "mj/custody/custody_book.hpp"
#include "mj/storage/file.hpp"

namespace mj::custody {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

struct Key {
  std::string_view name;
  std::int64_t least;
  std::int64_t most;
};

Result<Rules> read_rules(const toml::table& document, std::string_view origin) {
  Rules rules;
  for (const auto& [key, node] : document) {
    const auto refuse = [&, line = node.source().begin.line,
                         name = std::string(key.str())](std::string_view what) {
      return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}: {}", origin, line, name, what));
    };
    // A day must be over before it is closed, and statements of a year back help nobody.
    constexpr Key kKeys[] = {{"grace_minutes", 0, 720}, {"revise_days", 0, 366}, {"max_gaps", 1, 400}};
    const auto* const known =
        std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& each) { return each.name == key.str(); });
    if (known == std::end(kKeys)) return refuse("there is no such key");
    const auto value = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
    if (!value || *value < known->least || *value > known->most)
      return refuse(fmt::format("must be a whole number from {} to {}", known->least, known->most));
    if (known->name == "grace_minutes") rules.grace_ms = *value * kMinuteMs;
    if (known->name == "revise_days") rules.revise_days = static_cast<int>(*value);
    if (known->name == "max_gaps") rules.max_gaps = static_cast<std::size_t>(*value);
  }
  return rules;
}

}  // namespace

Result<Rules> Rules::load(const std::filesystem::path& file) {
  MJ_TRY(const std::string text, storage::read_file(file));
  try {
    return read_rules(toml::parse(text, file.string()), file.string());
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), failure.source().begin.line, failure.description()));
  }
}

}  // namespace mj::custody
