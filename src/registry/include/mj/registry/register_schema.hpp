#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"
#include "mj/registry/day.hpp"
#include "mj/registry/network.hpp"

namespace mj::registry {

/// What may stand in an attribute 属性类型. All values are kept as text in one canonical form.
enum class AttributeType {
  text,
  decimal,    ///< "12.50"; digits are kept
  integer,    ///< "12"
  flag,       ///< "true", "false"; 是, 否, 1, 0 are read
  word,       ///< one of a vocabulary; its id is kept, its titles are read
  day,        ///< "2026-03-01"
  reference,  ///< id of a record of another kind
  list,       ///< "a,b,c"; blanks around the items and empty items are dropped
  longitude,  ///< degrees east
  latitude,   ///< degrees north
  geometry,   ///< a GeoJSON geometry object (RFC 7946), at most 40 KB
};
/// "text", "decimal" … "enum" for word, "date" for day.
[[nodiscard]] std::string_view name(AttributeType type);

/// One word of a vocabulary.
struct WordTitle {
  std::string id;
  LocalName title;
};

struct AttributeSchema {
  std::string key;
  LocalName title;
  AttributeType type = AttributeType::text;
  std::vector<WordTitle> words;  ///< of type word
  std::string kind;              ///< of type reference: what it refers to
  std::string unit;              ///< of a figure; empty when it has none
  bool required = false;
  bool unique = false;  ///< no two records in force have the same value (for lists: item)

  /// The word with this id; null when there is none.
  [[nodiscard]] const WordTitle* word(std::string_view id) const;
  /// The canonical text of what a person or a file wrote. Errors: invalid_input that says what may stand here.
  [[nodiscard]] Result<std::string> canonical(std::string_view written) const;
};

/// What happened to a record.
enum class Action { add, change, move, stop, resume };
[[nodiscard]] std::string_view name(Action action);
[[nodiscard]] LocalName title(Action action);
/// The name or the Chinese title. Errors: none for another word.
[[nodiscard]] std::optional<Action> parse_action(std::string_view word);

/// A kind of record 记录类别: organisation, region, river, point …
struct KindSchema {
  std::string id;
  LocalName title;
  std::vector<AttributeSchema> attributes;

  /// The attribute with this key; null when there is none.
  [[nodiscard]] const AttributeSchema* find(std::string_view key) const;
  /// The attribute whose key or title in either language this is; null when there is none.
  [[nodiscard]] const AttributeSchema* find_titled(std::string_view title) const;
  /// The first attribute of a type; null when there is none.
  [[nodiscard]] const AttributeSchema* first(AttributeType type) const;
};

/// When two points look like the same one 重复建设提示. An operator's rule.
struct DuplicateRule {
  std::string element;
  double distance_m = 0;        ///< nearer than this: probably built twice
  double owner_distance_m = 0;  ///< the same owner and the same factors, nearer than this
};

/// Which kinds of records there are and what is known of each: `rules/register.toml`. Immutable, any thread.
class RegisterSchema {
 public:
  /// Errors: not_found; invalid_input with file and line.
  [[nodiscard]] static Result<RegisterSchema> load(const std::filesystem::path& file);

  [[nodiscard]] const std::vector<KindSchema>& kinds() const { return kinds_; }
  /// Null when there is no such kind.
  [[nodiscard]] const KindSchema* find(std::string_view kind) const;
  /// Acts that need an approval 须经批准的操作, of whichever kind the record is and whatever they change.
  [[nodiscard]] const std::set<Action>& approved_actions() const { return approved_actions_; }
  /// The rule of an element; null when there is none.
  [[nodiscard]] const DuplicateRule* duplicate_rule(std::string_view element) const;
  [[nodiscard]] const std::vector<DuplicateRule>& duplicate_rules() const { return duplicates_; }
  /// A point may lie so far outside the (generalised) outline of its region before that is told.
  [[nodiscard]] double border_tolerance_km() const { return border_tolerance_km_; }
  /// West, south, east, north: a point outside is told.
  [[nodiscard]] const std::array<double, 4>& bounds() const { return bounds_; }
  /// Points adopted from network.toml, which names no dates, count from this day on.
  [[nodiscard]] Day adopted_from() const { return adopted_from_; }

 private:
  std::vector<KindSchema> kinds_;
  std::set<Action> approved_actions_;
  std::vector<DuplicateRule> duplicates_;
  double border_tolerance_km_ = 0;
  std::array<double, 4> bounds_{-180, -90, 180, 90};
  Day adopted_from_;
};

}  // namespace mj::registry
