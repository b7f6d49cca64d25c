#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "evidence_proofs.hpp"
#include "mj/evidence/keys.hpp"
#include "mj/storage/file.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

using evidence_format::KeyAction;
using evidence_format::KeyRing;
using evidence_format::VerifierKey;

struct KeyOptions {
  std::string data;
  std::string name;
  std::string reason;
  std::string recovery_key;
  std::string recovery_passphrase;
  std::string origin;
  std::string destination;
  std::string destination_passphrase;
  std::string export_to;
  std::string compare_with;
};

std::string_view kind_name(const VerifierKey& key) {
  return key.kind == evidence_format::KeyKind::sm2_sm3 ? "SM2" : "Ed25519";
}

void print_ring(const KeyRing& ring) {
  for (const KeyRing::Member& member : ring.members()) {
    const auto& statement = member.statement;
    fmt::print("{} {} {} {}\n", statement.number, evidence_format::name(statement.action), to_iso(statement.at),
               member.entry ? fmt::format("from entry {} on", *member.entry) : std::string("from the beginning"));
    fmt::print("  origin    {}\n  by        {}: {}\n", statement.origin, statement.by, statement.reason);
    for (const VerifierKey& key : statement.keys) fmt::print("  {:<9} {}\n", kind_name(key), key.text());
    if (statement.recovery) fmt::print("  recovery  {}\n", statement.recovery->text());
    if (const auto at = ring.revoked_at(member.entry ? *member.entry + 1 : 0)) {
      fmt::print("  REVOKED   {}: what these keys signed counts only when a witness or a time stamp is older\n",
                 to_iso(*at));
    }
  }
}

/// Lines `log <vkey>`, the form of a trust file of `mingjian verify-bundle`: the keys in force.
std::string trust_text(const KeyRing& ring) {
  const auto& newest = ring.newest();
  std::string text = fmt::format(
      "# Public keys of the log {}, statement {} of {}. Compare them by another way than the one "
      "the evidence came by.\n",
      newest.origin, newest.number, to_iso(newest.at));
  for (const VerifierKey& key : newest.keys) text += fmt::format("log {}\n", key.text());
  return text;
}

/// Whether the keys of a trust file are all keys of one statement of the ring.
Result<int> compare(const KeyRing& ring, const std::string& file) {
  MJ_TRY(const std::string text, storage::read_file(file));
  std::vector<VerifierKey> theirs;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    constexpr std::string_view kLog = "log ";
    if (!line.starts_with(kLog)) continue;
    auto key = VerifierKey::parse(line.substr(kLog.size()));
    if (!key) return key.error().context(file);
    theirs.push_back(std::move(*key));
  }
  if (theirs.empty()) return Error(ErrorCode::invalid_input, fmt::format("{} holds no line \"log <key>\"", file));
  for (const KeyRing::Member& member : ring.members()) {
    const auto& keys = member.statement.keys;
    const bool all = std::all_of(theirs.begin(), theirs.end(), [&](const VerifierKey& key) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    });
    if (!all) continue;
    const bool newest = &member.statement == &ring.newest();
    fmt::print("OK {} holds keys of statement {}{}\n", file, member.statement.number,
               newest ? ", which is in force" : ", which later ones followed");
    return 0;
  }
  fmt::print("DIFFERENT the keys of {} are not those of this log\n", file);
  return 1;
}

Result<int> show(const KeyOptions& options) {
  MJ_TRY(const KeyRing ring, evidence::read_keyring(DataDirectory{options.data}.evidence()));
  if (!options.compare_with.empty()) return compare(ring, options.compare_with);
  if (!options.export_to.empty()) {
    MJ_CHECK(storage::replace_file(options.export_to, trust_text(ring)));
    fmt::print("OK {} keys of {} in {}\n", ring.newest().keys.size(), ring.newest().origin, options.export_to);
    return 0;
  }
  print_ring(ring);
  return 0;
}

Result<int> rotate(const KeyOptions& options) {
  auto log = open_log(DataDirectory{options.data});
  if (!log && log.error().code() == ErrorCode::conflict) {
    return Error(ErrorCode::conflict,
                 fmt::format("{}. While a server runs on it, ask the server: POST /api/evidence/keys/rotate",
                             log.error().text()));
  }
  if (!log) return log.error();
  MJ_TRY(const evidence::EntryIndex entry, (*log)->rotate_keys(options.name, options.reason));
  MJ_CHECK((*log)->checkpoint());
  fmt::print("OK new keys from entry {} on\n{}", entry.raw(), trust_text((*log)->keyring()));
  return 0;
}

Result<int> change(const KeyOptions& options, KeyAction action) {
  const DataDirectory data{options.data};
  evidence::KeyChange order;
  order.action = action;
  order.by = options.name;
  order.reason = options.reason;
  order.passphrase_file = data.passphrase();
  order.recovery_key = options.recovery_key;
  order.recovery_passphrase = options.recovery_passphrase;
  order.origin = options.origin;
  MJ_TRY(const std::uint64_t entry, evidence::change_keys(data.evidence(), order));
  MJ_TRY(const KeyRing ring, evidence::read_keyring(data.evidence()));
  fmt::print("OK new keys from entry {} on\n{}", entry, trust_text(ring));
  fmt::print("Tell the witnesses of this log: they know the keys before.\n");
  return 0;
}

Result<int> take_out(const KeyOptions& options) {
  const DataDirectory data{options.data};
  MJ_CHECK(evidence::take_out_recovery_key(data.evidence(), data.passphrase(), options.destination,
                                           options.destination_passphrase));
  fmt::print("OK the recovery key is in {}, opened by {}. Keep the two apart, and away from this machine.\n",
             options.destination, options.destination_passphrase);
  return 0;
}

CLI::App* add_change(CLI::App& evidence, const char* name, const char* what,
                     const std::shared_ptr<KeyOptions>& options) {
  CLI::App* command = evidence.add_subcommand(name, what);
  command->add_option("--data", options->data, "Data directory")->required();
  command->add_option("--name", options->name, "Who orders it")->required();
  command->add_option("--reason", options->reason, "Why")->required();
  return command;
}

}  // namespace

void add_evidence_keys(CLI::App& evidence, Run& run) {
  auto options = std::make_shared<KeyOptions>();

  CLI::App* keys =
      evidence.add_subcommand("keys", "Public keys of the log: which, since when, who changed them and why");
  keys->add_option("--data", options->data, "Data directory")->required();
  keys->add_option("--export", options->export_to, "Write those in force as a trust file for verify-bundle");
  keys->add_option("--compare", options->compare_with,
                   "Compare with a trust file; exit status 0 = keys of this log, 1 = others");
  keys->callback([options, &run] { run = [options] { return show(*options); }; });

  CLI::App* planned = add_change(evidence, "rotate", "Replace the signing keys as planned 轮换", options);
  planned->callback([options, &run] { run = [options] { return rotate(*options); }; });

  struct ByRecoveryKey {
    const char* name;
    const char* what;
    KeyAction action;
  };
  for (const ByRecoveryKey& one :
       {ByRecoveryKey{"recover", "New signing keys after they were lost 丢失恢复", KeyAction::recover},
        ByRecoveryKey{"revoke", "New signing keys after they came into wrong hands 吊销", KeyAction::revoke}}) {
    CLI::App* command = add_change(evidence, one.name, one.what, options);
    command->add_option("--recovery-key", options->recovery_key, "PEM file; else the one beside the log");
    command->add_option("--recovery-passphrase", options->recovery_passphrase, "File with its passphrase");
    command->callback(
        [options, &run, action = one.action] { run = [options, action] { return change(*options, action); }; });
  }

  CLI::App* succeed = add_change(
      evidence, "succeed",
      "Go on under another name after a backup was restored that is older than what witnesses saw 续接", options);
  succeed->add_option("--origin", options->origin, "New name of the log")->required();
  succeed->callback([options, &run] { run = [options] { return change(*options, KeyAction::succeed); }; });

  CLI::App* recovery =
      evidence.add_subcommand("recovery-key", "The key that makes new keys when they are lost or stolen");
  recovery->add_option("--data", options->data, "Data directory")->required();
  recovery->add_option("--take-out", options->destination, "Move it into this file, which belongs in a safe")
      ->required();
  recovery
      ->add_option("--passphrase", options->destination_passphrase,
                   "File with the passphrase that opens it there; made when it is missing")
      ->required();
  recovery->callback([options, &run] { run = [options] { return take_out(*options); }; });

  add_evidence_proofs(evidence, run);
}

}  // namespace mj::app
