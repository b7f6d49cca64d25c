#include <toml++/toml.h>

#include <sstream>

#include "mj/evidence_format/hash.hpp"
#include "mj/storage/file.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness {
namespace {

namespace fs = std::filesystem;
using evidence_format::KeyRing;
using evidence_format::VerifierKey;

constexpr std::string_view kHeading = "# Logs that this witness watches. Written by `mingjian witness trust`.\n\n";

fs::path list_path(const fs::path& directory) { return directory / "logs.toml"; }

Error fault(const fs::path& file, const toml::node& node, std::string_view what) {
  return Error(ErrorCode::damaged, fmt::format("{}:{}: {}", file.string(), node.source().begin.line, what));
}

Result<WatchedLog> read_log(const fs::path& directory, const toml::node& node) {
  const fs::path file = list_path(directory);
  const toml::table* table = node.as_table();
  if (table == nullptr) return fault(file, node, "[[log]] must be a table");
  for (const auto& [key, value] : *table) {
    if (key != "origin" && key != "keys" && key != "keyring") {
      return fault(file, value, fmt::format("unknown key \"{}\"", key.str()));
    }
  }
  WatchedLog log;
  log.origin = table->get("origin") != nullptr ? table->get("origin")->value_or(std::string()) : std::string();
  if (log.origin.empty()) return fault(file, node, "a log needs an origin");
  if (const toml::node* ring_file = table->get("keyring")) {
    MJ_TRY(const std::string text, storage::read_file(directory / ring_file->value_or(std::string())));
    auto ring = KeyRing::parse(text);
    if (!ring) return fault(file, *ring_file, ring.error().text());
    log.ring = *std::move(ring);
    return log;
  }
  const toml::array* keys = table->get("keys") != nullptr ? table->get("keys")->as_array() : nullptr;
  if (keys == nullptr || keys->empty()) return fault(file, node, "a log needs keys, or a keyring");
  for (const toml::node& each : *keys) {
    auto key = VerifierKey::parse(each.value_or(std::string()));
    if (!key) return fault(file, each, key.error().text());
    log.keys.push_back(*std::move(key));
  }
  return log;
}

bool same_beginning(const KeyRing& one, const KeyRing& other) {
  return one.members().front().note == other.members().front().note;
}

Status check_extends(const KeyRing& before, const KeyRing& after) {
  const auto& old_members = before.members();
  const auto& new_members = after.members();
  if (new_members.size() < old_members.size()) {
    return Error(ErrorCode::conflict,
                 fmt::format("this key ring has {} statements, the one trusted before has {}: it is an older one",
                             new_members.size(), old_members.size()));
  }
  for (std::size_t i = 0; i < old_members.size(); ++i) {
    if (old_members[i].note == new_members[i].note && old_members[i].entry == new_members[i].entry) continue;
    return Error(ErrorCode::conflict,
                 fmt::format("statement {} of this key ring is not the one trusted before: somebody shows another "
                             "history of the keys",
                             i));
  }
  return {};
}

/// Writes the ring under the hash of its content, so that no list ever names a file that holds another ring.
Result<std::string> keep_ring(const fs::path& directory, const KeyRing& ring) {
  const std::string text = ring.text();
  const std::string name = to_hex(evidence_format::sha256(as_bytes(text))) + ".keyring";
  const fs::path rings = directory / "keyrings";
  std::error_code failure;
  fs::create_directories(rings, failure);
  if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", rings.string(), failure.message()));
  MJ_CHECK(storage::sync_directory(directory));
  MJ_CHECK(storage::replace_file(rings / name, text));
  return "keyrings/" + name;
}

Status write_list(const fs::path& directory, const std::vector<WatchedLog>& logs) {
  toml::array list;
  for (const WatchedLog& log : logs) {
    toml::table table{{"origin", log.origin}};
    if (log.ring) {
      MJ_TRY(const std::string name, keep_ring(directory, *log.ring));
      table.insert("keyring", name);
    } else {
      toml::array keys;
      for (const VerifierKey& key : log.keys) keys.push_back(key.text());
      table.insert("keys", std::move(keys));
    }
    list.push_back(std::move(table));
  }
  std::ostringstream text;
  text << kHeading << toml::table{{"log", std::move(list)}} << '\n';
  return storage::replace_file(list_path(directory), text.str());
}

Status merge_ring(std::vector<WatchedLog>& logs, const WatchedLog& log) {
  bool known = false;
  for (const WatchedLog& each : logs) {
    if (each.ring && same_beginning(*each.ring, *log.ring)) MJ_CHECK(check_extends(*each.ring, *log.ring));
    if (each.origin != log.origin) continue;
    known = true;
    if (each.ring && !same_beginning(*each.ring, *log.ring)) {
      return Error(ErrorCode::conflict,
                   fmt::format("{} is watched already under a key ring that began otherwise", log.origin));
    }
    if (!each.ring && each.keys != log.ring->members().front().statement.keys) {
      return Error(ErrorCode::conflict,
                   fmt::format("{} is watched already under keys that are not those of the key ring's first "
                               "statement",
                               log.origin));
    }
  }
  // A log that ended because it goes on under another origin learns of its end.
  for (WatchedLog& each : logs) {
    if (each.origin == log.origin || (each.ring && same_beginning(*each.ring, *log.ring))) {
      each.ring = log.ring;
      each.keys.clear();
    }
  }
  if (!known) logs.push_back(log);
  return {};
}

Status merge_keys(std::vector<WatchedLog>& logs, const WatchedLog& log) {
  if (log.origin.empty() || log.origin.find_first_of("\n+ \t") != std::string::npos) {
    return Error(ErrorCode::invalid_input, "a log needs an origin without blanks and plus signs");
  }
  if (log.keys.empty()) {
    return Error(ErrorCode::invalid_input, fmt::format("{}: no keys and no key ring", log.origin));
  }
  for (const VerifierKey& key : log.keys) {
    if (key.kind == evidence_format::KeyKind::cosignature) {
      return Error(ErrorCode::invalid_input, fmt::format("{} is the key of a witness, not of a log", key.text()));
    }
  }
  for (WatchedLog& each : logs) {
    if (each.origin != log.origin) continue;
    if (each.ring) {
      return Error(ErrorCode::conflict,
                   fmt::format("{} is watched under a key ring; give its newest key ring instead", log.origin));
    }
    each.keys = log.keys;
    return {};
  }
  logs.push_back(log);
  return {};
}

}  // namespace

WatchedLog WatchedLog::of(KeyRing ring) {
  WatchedLog log;
  log.origin = ring.newest().origin;
  log.ring = std::move(ring);
  return log;
}

Result<std::vector<WatchedLog>> watched_logs(const fs::path& directory) {
  const fs::path file = list_path(directory);
  auto text = storage::read_file(file);
  if (!text && text.error().code() == ErrorCode::not_found) return std::vector<WatchedLog>();
  if (!text) return text.error();
  toml::table root;
  try {
    root = toml::parse(*text, file.string());
  } catch (const toml::parse_error& error) {
    return Error(ErrorCode::damaged,
                 fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  std::vector<WatchedLog> logs;
  for (const auto& [key, node] : root) {
    const toml::array* list = key == "log" ? node.as_array() : nullptr;
    if (list == nullptr) return fault(file, node, fmt::format("unknown key \"{}\"", key.str()));
    for (const toml::node& each : *list) {
      MJ_TRY(WatchedLog log, read_log(directory, each));
      for (const WatchedLog& other : logs) {
        if (other.origin == log.origin) return fault(file, each, fmt::format("{} stands twice", log.origin));
      }
      logs.push_back(std::move(log));
    }
  }
  return logs;
}

Status trust(const fs::path& directory, const WatchedLog& log) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", directory.string(), failure.message()));
  MJ_TRY(auto lock, storage::File::open(directory / "logs.lock", storage::File::Mode::create));
  MJ_CHECK(lock.lock_exclusively());
  MJ_TRY(std::vector<WatchedLog> logs, watched_logs(directory));
  MJ_CHECK(log.ring ? merge_ring(logs, log) : merge_keys(logs, log));
  return write_list(directory, logs);
}

}  // namespace mj::witness
