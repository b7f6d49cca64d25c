#include <charconv>

#include "mj/evidence_format/key_ring.hpp"
#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::string_view kHeader = "mingjian key statement v1";
constexpr std::string_view kNone = "none";
constexpr std::array kActions = {KeyAction::create, KeyAction::rotate, KeyAction::recover, KeyAction::revoke,
                                 KeyAction::succeed};

Error refuse(std::string_view why) { return Error(ErrorCode::damaged, fmt::format("key statement: {}", why)); }

/// Takes the lines of a statement one by one.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool next_is(std::string_view label) const {
    return rest_.starts_with(label) && rest_.substr(label.size()).starts_with(' ');
  }
  /// What follows `label` and a blank on the next line.
  Result<std::string_view> value(std::string_view label) {
    const bool fits = next_is(label);
    const auto line = take_line(rest_);
    if (!fits || !line) return refuse(fmt::format("the line \"{} …\" is not where it must be", label));
    return line->substr(label.size() + 1);
  }
  [[nodiscard]] bool take(std::string_view whole) {
    const auto line = take_line(rest_);
    return line && *line == whole;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Result<VerifierKey> read_key(std::string_view text) {
  auto key = VerifierKey::parse(text);
  if (!key) return refuse(key.error().text());
  return key;
}

Status check(const KeyStatement& statement) {
  const auto& keys = statement.keys;
  if (keys.size() != 2 || keys[0].kind != KeyKind::ed25519 || keys[1].kind != KeyKind::sm2_sm3) {
    return refuse("it must name one Ed25519 key and then one SM2 key");
  }
  if (keys[0].name != statement.origin || keys[1].name != statement.origin)
    return refuse("the keys do not bear the name of the log");
  if (statement.recovery && (statement.recovery->kind != KeyKind::ed25519 || statement.recovery == keys[0]))
    return refuse("the recovery key must be an Ed25519 key of its own");
  if (statement.by.empty() || statement.reason.empty()) return refuse("who and why must be said");
  return {};
}

void add_once(std::vector<VerifierKey>& keys, const VerifierKey& key) {
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

}  // namespace

std::string_view name(KeyAction action) {
  switch (action) {
    case KeyAction::create: return "create";
    case KeyAction::rotate: return "rotate";
    case KeyAction::recover: return "recover";
    case KeyAction::revoke: return "revoke";
    case KeyAction::succeed: return "succeed";
  }
  return "";
}

std::string KeyStatement::text() const {
  std::string out =
      fmt::format("{}\norigin {}\nnumber {}\nprevious {}\naction {}\ntime {}\n", kHeader, origin, number,
                  previous ? to_base64(*previous) : std::string(kNone), evidence_format::name(action), to_iso(at));
  for (const VerifierKey& key : keys) out += fmt::format("key {}\n", key.text());
  if (recovery) out += fmt::format("recovery {}\n", recovery->text());
  return out + fmt::format("by {}\nreason {}\n", by, reason);
}

Result<KeyStatement> KeyStatement::parse(std::string_view text) {
  if (!valid_note_text(text)) return refuse("it is not plain UTF-8 text");
  Lines lines(text);
  KeyStatement statement;
  if (!lines.take(kHeader)) return refuse(fmt::format("it does not begin with \"{}\"", kHeader));
  MJ_TRY(const std::string_view origin, lines.value("origin"));
  statement.origin = std::string(origin);
  MJ_TRY(const std::string_view number, lines.value("number"));
  if (std::from_chars(number.data(), number.data() + number.size(), statement.number).ec != std::errc{})
    return refuse("the number is none");
  MJ_TRY(const std::string_view previous, lines.value("previous"));
  if (previous != kNone) {
    statement.previous = digest_from_base64(previous);
    if (!statement.previous) return refuse("the digest of the statement before is not 32 bytes of base64");
  }
  MJ_TRY(const std::string_view action, lines.value("action"));
  const auto known = std::find_if(kActions.begin(), kActions.end(),
                                  [&](KeyAction candidate) { return evidence_format::name(candidate) == action; });
  if (known == kActions.end()) return refuse(fmt::format("the action \"{}\" is unknown", action));
  statement.action = *known;
  MJ_TRY(const std::string_view time, lines.value("time"));
  const auto at = parse_iso(time);
  if (!at) return refuse("the time is none");
  statement.at = *at;
  while (lines.next_is("key")) {
    MJ_TRY(const std::string_view key, lines.value("key"));
    MJ_TRY(VerifierKey parsed, read_key(key));
    statement.keys.push_back(std::move(parsed));
  }
  if (lines.next_is("recovery")) {
    MJ_TRY(const std::string_view key, lines.value("recovery"));
    MJ_TRY(statement.recovery, read_key(key));
  }
  MJ_TRY(const std::string_view by, lines.value("by"));
  statement.by = std::string(by);
  MJ_TRY(const std::string_view reason, lines.value("reason"));
  statement.reason = std::string(reason);
  if (!lines.done()) return refuse("lines follow the reason");
  // One spelling only: "01", another zone of the time and the like come out differently.
  if (statement.text() != text) return refuse("it is not in its one spelling");
  MJ_CHECK(check(statement));
  return statement;
}

std::vector<VerifierKey> KeyStatement::signatories(const KeyStatement* before) const {
  std::vector<VerifierKey> who;
  const bool by_recovery = action == KeyAction::recover || action == KeyAction::revoke;
  if (before != nullptr && by_recovery && before->recovery) add_once(who, *before->recovery);
  if (before != nullptr && !by_recovery) {
    for (const VerifierKey& key : before->keys) add_once(who, key);
  }
  for (const VerifierKey& key : keys) add_once(who, key);
  // A recovery key vouches for itself when it comes into force.
  if (recovery && (before == nullptr || before->recovery != recovery)) add_once(who, *recovery);
  return who;
}

}  // namespace mj::evidence_format
