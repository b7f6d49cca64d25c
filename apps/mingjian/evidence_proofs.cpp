#include "evidence_proofs.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "api_client.hpp"
#include "mj/evidence/keys.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/evidence_format/self_test.hpp"
#include "mj/storage/file.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

using evidence_format::HashAlgorithm;

struct ProofOptions {
  std::string data;
  std::uint64_t entry = 0;
  std::string checkpoint;  ///< file; empty = the newest
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::string hash = "sha256";
  std::string format = "tlog-proof";
  std::vector<std::string> files;
  bool as_told = false;
};

HashAlgorithm algorithm_of(const ProofOptions& options) {
  return options.hash == "sm3" ? HashAlgorithm::sm3 : HashAlgorithm::sha256;
}

Json base64_list(const std::vector<Digest>& digests) {
  Json list = Json::array();
  for (const Digest& digest : digests) list.push_back(to_base64(digest));
  return list;
}

/// The signed checkpoint that a proof is to lead to, checked against the log.
Result<evidence::SignedCheckpoint> wanted_checkpoint(evidence::Log& log, const std::string& file) {
  if (file.empty()) return log.checkpoint();
  MJ_TRY(const std::string note, storage::read_file(file));
  MJ_TRY(evidence_format::Checkpoint signed_one, evidence_format::open_checkpoint(note, log.keyring()));
  MJ_TRY(const evidence_format::Checkpoint ours, log.checkpoint_at(signed_one.size));
  if (ours.root != signed_one.root || ours.sm3_root != signed_one.sm3_root) {
    return Error(ErrorCode::damaged,
                 fmt::format("{} and the log have different roots over {} entries: the history was forked", file,
                             signed_one.size));
  }
  return evidence::SignedCheckpoint{std::move(signed_one), note};
}

Result<int> proof(const ProofOptions& options) {
  MJ_TRY(const auto log, open_log(DataDirectory{options.data}));
  MJ_TRY(const evidence::SignedCheckpoint over, wanted_checkpoint(*log, options.checkpoint));
  MJ_TRY(const evidence::InclusionPath path, log->path(evidence::EntryIndex(options.entry), over.checkpoint.size));
  if (options.format == "tlog-proof") {
    // Source: c2sp.org/tlog-proof, which knows SHA-256 only.
    fmt::print("c2sp.org/tlog-proof@v1\nindex {}\n", options.entry);
    for (const Digest& node : path.path) fmt::print("{}\n", to_base64(node));
    fmt::print("\n{}", over.note);
    return 0;
  }
  const bool sm3 = algorithm_of(options) == HashAlgorithm::sm3;
  const Json json = {{"leafIdx", path.index},
                     {"treeSize", path.size},
                     {"root", to_base64(sm3 ? *over.checkpoint.sm3_root : over.checkpoint.root)},
                     {"leafHash", to_base64(sm3 ? path.sm3_leaf : path.leaf)},
                     {"proof", base64_list(sm3 ? path.sm3_path : path.path)},
                     {"desc", fmt::format("entry {} of {}", path.index, over.checkpoint.origin)},
                     {"wantErr", false}};
  fmt::print("{}\n", json.dump(2));
  return 0;
}

Result<int> consistency(const ProofOptions& options) {
  MJ_TRY(const auto log, open_log(DataDirectory{options.data}));
  const std::uint64_t to = options.to == 0 ? log->size() : options.to;
  MJ_TRY(const evidence::ConsistencyProof both, log->consistency(options.from, to));
  MJ_TRY(const evidence_format::Checkpoint first, log->checkpoint_at(options.from));
  MJ_TRY(const evidence_format::Checkpoint second, log->checkpoint_at(to));
  const bool sm3 = algorithm_of(options) == HashAlgorithm::sm3;
  const Json json = {{"size1", options.from},
                     {"size2", to},
                     {"root1", to_base64(sm3 ? *first.sm3_root : first.root)},
                     {"root2", to_base64(sm3 ? *second.sm3_root : second.root)},
                     {"proof", base64_list(sm3 ? both.sm3 : both.sha256)},
                     {"desc", fmt::format("{} from {} to {} entries", second.origin, options.from, to)},
                     {"wantErr", false}};
  fmt::print("{}\n", json.dump(2));
  return 0;
}

/// Why a proof does not hold, or why it cannot be one at all.
using Verdict = std::optional<std::string>;

std::optional<Digest> digest_in(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto bytes = from_base64(value.get<std::string>());
  Digest digest;
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

/// `proof` may be missing or null: no node.
std::optional<std::vector<Digest>> nodes_in(const Json& json) {
  std::vector<Digest> nodes;
  const auto list = json.find("proof");
  if (list == json.end() || list->is_null()) return nodes;
  if (!list->is_array()) return std::nullopt;
  for (const Json& item : *list) {
    const auto digest = digest_in(item);
    if (!digest) return std::nullopt;
    nodes.push_back(*digest);
  }
  return nodes;
}

std::optional<std::uint64_t> number_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

Verdict judge_inclusion(const Json& json, HashAlgorithm algorithm) {
  const auto index = number_in(json, "leafIdx");
  const auto size = number_in(json, "treeSize");
  const auto root = digest_in(json.value("root", Json()));
  const auto leaf = digest_in(json.value("leafHash", Json()));
  const auto nodes = nodes_in(json);
  if (!index || !size) return "leafIdx or treeSize is no whole number";
  if (!root || !leaf || !nodes) return "root, leafHash or a node of the proof is not 32 bytes of base64";
  const auto computed = evidence_format::root_from_inclusion(*index, *size, *leaf, *nodes, algorithm);
  if (!computed) return computed.error().text();
  if (*computed != *root) return "it does not lead to the root";
  return std::nullopt;
}

Verdict judge_consistency(const Json& json, HashAlgorithm algorithm) {
  const auto first = number_in(json, "size1");
  const auto second = number_in(json, "size2");
  const Json first_text = json.value("root1", Json());
  const Json second_text = json.value("root2", Json());
  const auto nodes = nodes_in(json);
  if (!first || !second) return "size1 or size2 is no whole number";
  if (!nodes) return "a node of the proof is not 32 bytes of base64";
  if (*first == 0) return "every tree extends the empty one: there is nothing that it proves";
  // One tree is consistent with itself, whatever its root is made of: the reference vectors have such a one.
  if (*first == *second && nodes->empty() && first_text == second_text) return std::nullopt;
  const auto first_root = digest_in(first_text);
  const auto second_root = digest_in(second_text);
  if (!first_root || !second_root) return "a root is not 32 bytes of base64";
  const Status checked =
      evidence_format::check_consistency(*first, *first_root, *second, *second_root, *nodes, algorithm);
  return checked ? std::nullopt : Verdict(checked.error().text());
}

Verdict judge(const Json& json, HashAlgorithm algorithm) {
  if (!json.is_object()) return "it is no JSON object";
  if (json.contains("leafIdx")) return judge_inclusion(json, algorithm);
  if (json.contains("size1")) return judge_consistency(json, algorithm);
  return "it holds neither leafIdx (an inclusion proof) nor size1 (a consistency proof)";
}

Result<int> check_proof(const ProofOptions& options) {
  std::size_t bad = 0;
  for (const std::string& file : options.files) {
    MJ_TRY(const std::string text, storage::read_file(file));
    const Json json = Json::parse(text, nullptr, false);
    const Verdict why = json.is_discarded() ? Verdict("it is no JSON") : judge(json, algorithm_of(options));
    const bool refusal_is_due = options.as_told && json.is_object() && json.value("wantErr", false);
    const bool as_it_should_be = why.has_value() == refusal_is_due;
    if (!as_it_should_be) ++bad;
    fmt::print("{} {}{}{}{}\n", why ? "INVALID" : "VALID", file, why ? ": " : "", why.value_or(""),
               as_it_should_be || !options.as_told ? "" : "  <- NOT AS THE FILE SAYS");
  }
  if (options.as_told) fmt::print("{} of {} as the files say\n", options.files.size() - bad, options.files.size());
  return bad == 0 ? 0 : 1;
}

Result<int> self_test() {
  MJ_CHECK(evidence_format::self_test());
  fmt::print(
      "OK SHA-256 (FIPS 180-4), SM3 (GB/T 32905-2016), Ed25519 (RFC 8032), SM2 with SM3 under the user id {} "
      "(GB/T 32918.5-2017)\n",
      evidence_format::kSm2UserId);
  return 0;
}

void add_hash(CLI::App& command, ProofOptions& options) {
  command.add_option("--hash", options.hash, "Which of the two trees")
      ->check(CLI::IsMember({"sha256", "sm3"}))
      ->capture_default_str();
}

}  // namespace

void add_evidence_proofs(CLI::App& evidence, Run& run) {
  auto options = std::make_shared<ProofOptions>();

  CLI::App* one = evidence.add_subcommand(
      "proof", "Proof that an entry is under a signed checkpoint (the server is stopped; else ask its API)");
  one->add_option("--data", options->data, "Data directory")->required();
  one->add_option("--entry", options->entry, "Number of the entry")->required();
  one->add_option("--checkpoint", options->checkpoint,
                  "File with an older checkpoint of this log; else the newest");
  one->add_option("--format", options->format, "tlog-proof (C2SP, SHA-256) or json")
      ->check(CLI::IsMember({"tlog-proof", "json"}))
      ->capture_default_str();
  add_hash(*one, *options);
  one->footer("Example:\n  mingjian evidence proof --data ./data --entry 1291 > 1291.tlog-proof");
  one->callback([options, &run] { run = [options] { return proof(*options); }; });

  CLI::App* two =
      evidence.add_subcommand("consistency", "Proof that the log of one size extends that of a smaller one");
  two->add_option("--data", options->data, "Data directory")->required();
  two->add_option("--from", options->from, "Older number of entries")->required();
  two->add_option("--to", options->to, "Newer number of entries; 0 = all")->capture_default_str();
  add_hash(*two, *options);
  two->callback([options, &run] { run = [options] { return consistency(*options); }; });

  CLI::App* check = evidence.add_subcommand(
      "check-proof", "Judge inclusion and consistency proofs in files; exit status 0 = all valid, 1 = one is not");
  check
      ->add_option("FILE", options->files,
                   "JSON: leafIdx, treeSize, root, leafHash, proof; or size1, size2, root1, root2, proof (base64)")
      ->required();
  check->add_flag("--as-told", options->as_told, "0 when each is valid or not as its wantErr says");
  add_hash(*check, *options);
  check->footer("Example:\n  mingjian evidence check-proof --as-told testdata/inclusion/*/*.json");
  check->callback([options, &run] { run = [options] { return check_proof(*options); }; });

  CLI::App* test = evidence.add_subcommand("self-test", "Compute the published vectors of every algorithm");
  test->callback([&run] { run = [] { return self_test(); }; });
}

}  // namespace mj::app
