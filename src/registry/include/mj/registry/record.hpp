#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/instant.hpp"
#include "mj/registry/author.hpp"
#include "mj/registry/day.hpp"
#include "mj/registry/register_schema.hpp"
#include "mj/registry/shared_attributes.hpp"

namespace mj::registry {

/// Who allowed a change 批准文件.
struct Approval {
  std::string document;   ///< number or title of the document 文号
  std::string authority;  ///< who approved 批准机关
  std::optional<Day> date;

  bool operator==(const Approval&) const = default;
};

/// A change that somebody wants.
struct Change {
  std::string kind;
  std::string id;  ///< 1…80 letters, digits, and - _ . : ~ @
  /// None: whichever fits — add when there is no such record, move when its place changes, change otherwise.
  std::optional<Action> action;
  Day effective;
  Attributes set;                      ///< as written; made canonical by the schema
  std::vector<std::string> clear;      ///< attributes that are no longer known
  std::optional<Approval> approval{};  ///< of this change alone; none: that of all changes it comes with
  std::size_t row = 0;                 ///< which row of its table it is, from 1; 0 when it comes from none
  std::size_t line = 0;  ///< where it stands in the file; 0 when it comes from none or the file has no lines
};

/// Whether a record is in force.
enum class RecordState {
  active,
  planned,  ///< its attribute `built` is "planned"
  stopped,
};
[[nodiscard]] std::string_view name(RecordState state);
/// Errors: none for another word.
[[nodiscard]] std::optional<RecordState> parse_state(std::string_view word);

/// A record as it is known for one day 登记记录.
struct Record {
  std::string kind;
  std::string id;
  Attributes attributes;
  Day valid_from;               ///< since when exactly this holds
  std::optional<Day> valid_to;  ///< the first day on which it no longer holds; none when it holds for ever
  RecordState state = RecordState::active;
  std::shared_ptr<const Approval> approval;  ///< of the newest change; null when there was none
  std::uint64_t entry = 0;                   ///< the newest decision that it rests on

  /// The value of an attribute; empty when it is not known.
  [[nodiscard]] const std::string& get(std::string_view key) const;
  /// Of a figure. None when it is not known or no number.
  [[nodiscard]] std::optional<double> number(std::string_view key) const;
  /// Items of a list.
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const { return get(key) == "true"; }
  /// `name` and `name_en`; the id where there is none.
  [[nodiscard]] LocalName name() const;
};

/// One change of a record as it stands in the evidence log.
struct HistoryStep {
  Action action = Action::add;
  Day effective;
  SharedAttributes set;
  std::vector<std::string> clear;
  std::shared_ptr<const Approval> approval;  ///< null when there was none
  std::shared_ptr<const Author> author;
  Instant at;               ///< when it was recorded
  std::uint64_t entry = 0;  ///< the decision that holds it
  std::uint64_t known = 0;  ///< the decision from which on it counts: the last part of its batch
};

}  // namespace mj::registry
