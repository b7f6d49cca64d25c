#include "mj/hj212/protocol.hpp"

#include <openssl/sha.h>

#include "command_index.hpp"
#include "fields.hpp"
#include "mj/kernel/bytes.hpp"
#include "protocol_codes.hpp"
#include "protocol_table.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kCommandCodes = 10'000;

/// 0…9999, or kCommandCodes for what is not four digits.
std::size_t number_of(std::string_view cn) {
  if (cn.size() != 4) return kCommandCodes;
  std::size_t number = 0;
  for (const char c : cn) {
    if (c < '0' || c > '9') return kCommandCodes;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number;
}

/// What a command code asks for when its answer bit is set.
enum class Reaction : std::uint8_t { none, upload, upload_with_time, notice };

/// Reserved ranges of HJ 212-2017 table 9: 2xxx are data, 3xxx control commands of which uploads carry a DataTime.
Reaction reaction_of_unknown(std::size_t number) {
  if (number >= 2000 && number < 3000) return Reaction::upload;
  if (number >= 3000 && number < 4000) return Reaction::upload_with_time;
  return Reaction::none;
}

bool carries_data_time(std::string_view area) {
  bool found = false;
  for_each_field(
      area, [&found](const Field& field) { found |= field.factor.empty() && same_name(field.key, "DataTime"); });
  return found;
}

bool is_history_request(std::string_view area) {
  constexpr std::string_view kFirst = "BeginTime=";
  while (!area.empty() && is_blank(area.front())) area.remove_prefix(1);
  return same_name(area.substr(0, kFirst.size()), kFirst);
}

bool share_a_system(const Command& a, const Command& b) {
  if (a.systems.empty() || b.systems.empty()) return a.systems.empty() && b.systems.empty();
  return std::any_of(a.systems.begin(), a.systems.end(), [&b](const std::string& st) {
    return std::find(b.systems.begin(), b.systems.end(), st) != b.systems.end();
  });
}

/// Why the printed example does not follow the rules of its command; empty when it does.
std::string fault_of_example(const Command& command) {
  std::vector<Field> fields;
  read_fields(command.example, fields);
  for (const Field& field : fields) {
    const FieldRule* rule = command.rule(field.factor, field.key);
    if (rule == nullptr) return fmt::format("the example has {}, the command does not", field.key);
    if (!rule->accepts(field.value))
      return fmt::format("the example has {}={}, {} asks for {}", field.key, field.value, rule->key,
                         rule->expectation());
  }
  for (const FieldRule& rule : command.fields) {
    const bool there = std::any_of(fields.begin(), fields.end(),
                                   [&rule](const Field& field) { return rule.is_about(field.factor, field.key); });
    if (rule.required && !there && !command.example.empty())
      return fmt::format("the example lacks the required field {}", rule.key);
  }
  return {};
}

/// SHA-256 over all sources, each with its length, so that no text can be taken for another's end.
std::string digest_of(const std::vector<Protocol::Source>& sources) {
  std::string text;
  for (const Protocol::Source& source : sources) {
    text +=
        fmt::format("{} {} {} {}\n", name(source.dialect), source.surface_water, source.kind, source.text.size());
    text += source.text;
  }
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return to_hex(digest);
}

}  // namespace

struct Protocol::Content {
  std::vector<Command> commands;
  std::string digest;
  std::vector<std::string> places;                       ///< of the commands, for errors
  std::array<std::uint16_t, kCommandCodes + 2> first{};  ///< into by_code, by number
  std::vector<std::uint16_t> by_code;                    ///< commands in order of their codes
  std::array<Reaction, kCommandCodes + 1> reactions{};   ///< by number
  CodeTables codes;
  std::vector<CommandIndex> indexes;  ///< of each command

  Status add(const Source& source);
  /// Makes the tables ready to be asked.
  void index();
  Status check() const;

  [[nodiscard]] std::span<const std::uint16_t> with_code(std::string_view cn) const {
    const std::size_t number = number_of(cn);
    return {by_code.data() + first[number], static_cast<std::size_t>(first[number + 1] - first[number])};
  }

 private:
  [[nodiscard]] Status check(std::size_t i) const;
};

Status Protocol::Content::add(const Source& source) {
  if (source.kind != "commands") return codes.add(source);
  MJ_TRY(auto more, read_commands(source));
  for (PlacedCommand& placed : more) {
    commands.push_back(std::move(placed.command));
    places.push_back(std::move(placed.place));
  }
  return {};
}

Status Protocol::Content::check(std::size_t i) const {
  const Command& command = commands[i];
  const auto wrong = [&](std::string_view what) {
    return Error(ErrorCode::invalid_input, fmt::format("{}: {}", places[i], what));
  };
  for (const std::string& st : command.systems) {
    if (codes.system(st) == nullptr) return wrong(fmt::format("system code {} is in no table", st));
  }
  for (const std::uint16_t other_index : with_code(command.cn)) {
    const Command& other = commands[other_index];
    if (other_index < i && other.sender == command.sender && other.dialect == command.dialect &&
        other.surface_water == command.surface_water && share_a_system(command, other)) {
      return wrong(fmt::format("command {} stands there twice, see {}", command.cn, places[other_index]));
    }
  }
  if (const std::string fault = fault_of_example(command); !fault.empty()) return wrong(fault);
  return {};
}

void Protocol::Content::index() {
  by_code.resize(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) by_code[i] = static_cast<std::uint16_t>(i);
  std::sort(by_code.begin(), by_code.end(), [this](std::uint16_t a, std::uint16_t b) {
    return std::tie(commands[a].cn, a) < std::tie(commands[b].cn, b);
  });
  std::size_t at = 0;
  for (std::size_t number = 0; number <= kCommandCodes; ++number) {
    first[number] = static_cast<std::uint16_t>(at);
    while (at < by_code.size() && number_of(commands[by_code[at]].cn) == number) ++at;
  }
  first[kCommandCodes + 1] = static_cast<std::uint16_t>(at);
  for (std::size_t number = 0; number < kCommandCodes; ++number) {
    Reaction& reaction = reactions[number];
    reaction = reaction_of_unknown(number);
    bool reply = false;
    for (std::size_t i = first[number]; i < first[number + 1]; ++i) {
      const Command& command = commands[by_code[i]];
      reply |= command.kind == CommandKind::reply;
      if (command.kind == CommandKind::notice) {
        reaction = Reaction::notice;
      } else if (command.kind == CommandKind::upload && reaction != Reaction::notice) {
        reaction = Reaction::upload;
      }
    }
    if (reply) reaction = Reaction::none;  // an answer is never answered, or two platforms would do so for ever
  }
  indexes.clear();
  for (const Command& command : commands) indexes.emplace_back(command);
  codes.finish();
}

Status Protocol::Content::check() const {
  if (commands.empty()) return Error(ErrorCode::invalid_input, "no table of commands");
  for (std::size_t i = 0; i < commands.size(); ++i) MJ_CHECK(check(i));
  return {};
}

Protocol::Protocol() {
  auto content = std::make_shared<Content>();
  content->index();
  content_ = std::move(content);
}

Result<Protocol> Protocol::parse(const std::vector<Source>& sources) {
  auto content = std::make_shared<Content>();
  for (const Source& source : sources) MJ_CHECK(content->add(source));
  if (content->commands.size() >= std::numeric_limits<std::uint16_t>::max())
    return Error(ErrorCode::invalid_input, "too many commands");
  content->index();
  MJ_CHECK(content->check());
  content->digest = digest_of(sources);
  Protocol protocol;
  protocol.content_ = std::move(content);
  return protocol;
}

const std::vector<Command>& Protocol::commands() const { return content_->commands; }

const CommandIndex& Protocol::index_of(const Command& command) const {
  return content_->indexes[static_cast<std::size_t>(&command - content_->commands.data())];
}

const Command* Protocol::find(std::string_view cn, Sender sender, Dialect dialect, std::string_view st,
                              bool surface_water) const {
  if (surface_water || dialect == Dialect::unknown) dialect = Dialect::v2017;
  const Command* best = nullptr;
  int best_rank = 0;
  for (const std::uint16_t i : content_->with_code(cn)) {
    const Command& command = content_->commands[i];
    if (command.sender != sender || (command.surface_water ? !surface_water : command.dialect != dialect))
      continue;
    // ST is often wrong in the field, so a command of another ST is better than none.
    int rank = 1;
    if (command.systems.empty()) rank = 2;
    if (std::find(command.systems.begin(), command.systems.end(), st) != command.systems.end()) rank = 3;
    if (command.surface_water) rank += 3;
    if (rank > best_rank) {
      best = &command;
      best_rank = rank;
    }
  }
  return best;
}

bool Protocol::knows(std::string_view cn, Sender sender) const {
  const auto range = content_->with_code(cn);
  return std::any_of(range.begin(), range.end(),
                     [this, sender](std::uint16_t i) { return content_->commands[i].sender == sender; });
}

const CodeWord* Protocol::system(std::string_view st) const { return content_->codes.system(st); }

const CodeWord* Protocol::request_return(Dialect dialect, std::string_view code, bool surface_water) const {
  return content_->codes.request_return(dialect, surface_water, code);
}

const CodeWord* Protocol::execution_return(Dialect dialect, std::string_view code, bool surface_water) const {
  return content_->codes.execution_return(dialect, surface_water, code);
}

const CodeWord* Protocol::info(std::string_view code) const { return content_->codes.info(code); }
const std::vector<CodeWord>& Protocol::deviations() const { return content_->codes.deviations(); }
const std::string& Protocol::digest() const { return content_->digest; }
FactorCode Protocol::factor(std::string_view code) const { return content_->codes.factor(code); }

bool Protocol::knows_flag(std::string_view flag, Dialect dialect) const {
  return content_->codes.knows_flag(flag, dialect);
}

Answer Protocol::answer_for(const Header& header, std::string_view area) const {
  if (!header.flag || !header.flag->ack() || !header.qn || !header.cn) return Answer::none;
  switch (content_->reactions[number_of(*header.cn)]) {
    case Reaction::none: return Answer::none;
    case Reaction::notice: return Answer::notice_reply_9013;
    case Reaction::upload: return is_history_request(area) ? Answer::none : Answer::data_reply_9014;
    case Reaction::upload_with_time: return carries_data_time(area) ? Answer::data_reply_9014 : Answer::none;
  }
  return Answer::none;
}

}  // namespace mj::hj212
