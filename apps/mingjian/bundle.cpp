#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>
#include <set>

#include "api_client.hpp"
#include "commands.hpp"
#include "evaluation_sources.hpp"
#include "mj/appraisal/figure.hpp"
#include "mj/bundle/export.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/runtime/clock.hpp"
#include "platform.hpp"
#include "registered.hpp"

namespace mj::app {
namespace {

/// Wrong usage, or a file that cannot be read: not a verdict.
constexpr int kUnusable = 2;
constexpr const char* kCheckMarks[] = {"✓", "✗", "–"};
constexpr const char* kOutcomes[] = {"passed", "failed", "absent"};

struct ExportRequest {
  std::string figure;
  std::string device;
  std::string from;
  std::string to;
  std::string url;
  std::string data;
  std::string network;
  std::string share;
  std::string output;
  bool with_device_keys = false;
};

Result<Instant> time_of(std::string_view option, const std::string& text) {
  if (const auto at = parse_iso(text)) return *at;
  return Error(ErrorCode::invalid_input,
               fmt::format("{} {} is no time; write 2026-03-01 or 2026-03-01T14:00", option, text));
}

Status check_request(const ExportRequest& request) {
  const auto refuse = [](std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); };
  if (request.figure.empty() == request.device.empty())
    return refuse("give either --figure, or --device, --from and --to");
  if (!request.device.empty() && (request.from.empty() || request.to.empty()))
    return refuse("--device needs --from and --to");
  if (request.url.empty() == request.data.empty())
    return refuse("give either --url of a running server, or --data of a stopped one");
  if (request.with_device_keys && request.data.empty())
    return refuse("a running server gives no keys away; stop it and use --data");
  return {};
}

Result<std::string> export_from_server(const ExportRequest& request) {
  MJ_TRY(const ApiClient client, ApiClient::connect(request.url));
  if (!request.figure.empty()) {
    MJ_CHECK(bundle::FigureId::parse(request.figure));
    return client.get_text("/api/evidence/bundle?figure=" + ApiClient::escape(request.figure));
  }
  MJ_TRY(const Instant from, time_of("--from", request.from));
  MJ_TRY(const Instant to, time_of("--to", request.to));
  return client.get_text(fmt::format("/api/evidence/bundle?device={}&from={}&to={}",
                                     ApiClient::escape(request.device), ApiClient::escape(to_iso(from)),
                                     ApiClient::escape(to_iso(to))));
}

/// The rooms that a bundle is made from, opened while no server runs, and brought up to the end of the log.
struct ClosedPlatform {
  Knowledge knowledge;
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> settings;
  std::unique_ptr<telemetry::Store> store;
  std::unique_ptr<custody::CustodyBook> custody;
  std::unique_ptr<anchoring::Anchoring> anchors;
  std::unique_ptr<registry::Book> book;  ///< with what follows: only for figures made of others
  std::unique_ptr<evaluation::Engine> evaluation;
  std::vector<appraisal::Scheme> schemes;
};

template <typename Follower, typename... Arguments>
Status follow(Follower& follower, const Arguments&... arguments) {
  while (true) {
    MJ_TRY(const std::size_t done, follower.consume(arguments...));
    if (done == 0) return {};
  }
}

Result<std::unique_ptr<ClosedPlatform>> open_platform(const ExportRequest& request) {
  const DataDirectory data{request.data};
  if (!std::filesystem::exists(data.evidence())) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no evidence log; name the data directory of a server", request.data));
  }
  MJ_TRY(const std::filesystem::path share, find_share(request.share));
  std::string network = request.network;
  // The demonstration's network ships with the program, not with the data directory.
  if (network.empty() && !std::filesystem::exists(data.network()))
    network = (share / "demo" / "network.toml").string();
  MJ_TRY(Knowledge knowledge, Knowledge::load(share, data, network));
  auto platform =
      std::make_unique<ClosedPlatform>(ClosedPlatform{std::move(knowledge), {}, {}, {}, {}, {}, {}, {}, {}});
  const registry::Network& points = platform->knowledge.network;
  MJ_TRY(platform->log, open_log(data));
  evidence::Log& log = *platform->log;
  MJ_TRY(platform->settings, registry::DeviceRegister::open(data.records(), points, data.vault_key()));
  MJ_CHECK(follow(*platform->settings, log));
  MJ_TRY(platform->store,
         telemetry::Store::open(data.telemetry(), points, *platform->settings, telemetry::StoreOptions{}));
  MJ_CHECK(follow(*platform->store, log));
  MJ_TRY(platform->custody, custody::CustodyBook::open(data.records(), points, platform->knowledge.custody_rules));
  MJ_CHECK(follow(*platform->custody, log));
  anchoring::Options options;
  if (std::filesystem::exists(data.evidence_options())) {
    MJ_TRY(options, anchoring::Options::load(data.evidence_options()));
  }
  MJ_TRY(platform->anchors,
         anchoring::Anchoring::open(data.records(), log, std::move(options), runtime::system_clock()));
  MJ_CHECK(follow(*platform->anchors));
  return platform;
}

/// Entries done on a terminal, with the time that is left.
bundle::Progress progress_line() {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return [terminal, began = runtime::steady_ms(), shown = runtime::steady_ms()](std::uint64_t done,
                                                                                std::uint64_t all) mutable {
    const std::int64_t now = runtime::steady_ms();
    if (!terminal || (now - shown < 250 && done != all)) return;
    shown = now;
    const double rate =
        static_cast<double>(done) * 1000 / static_cast<double>(std::max<std::int64_t>(now - began, 1));
    fmt::print(stderr, "\r{} of {} entries, {:.0f} s left   ", done, all,
               rate > 0 ? static_cast<double>(all - done) / rate : 0.0);
    if (done == all) fmt::print(stderr, "\r\033[K");
  };
}

/// The elements whose evaluated figures a figure is made of.
std::set<std::string> elements_of(const bundle::FigureId& figure, std::span<const appraisal::Scheme> schemes) {
  if (figure.kind == bundle::FigureId::Kind::result) return {figure.element};
  std::set<std::string> elements;
  for (const appraisal::Scheme& scheme : schemes) {
    if (figure.kind != bundle::FigureId::Kind::appraisal || scheme.id != figure.element) continue;
    for (const appraisal::ValueRule& value : scheme.values) {
      if (const auto* result = std::get_if<appraisal::EvaluationFigure>(&value.rule))
        elements.insert(result->element);
    }
  }
  return elements;
}

/// Register, schemes, and evaluated figures as of the end of the log.
Status open_evaluation(const ExportRequest& request, const bundle::FigureId& figure, ClosedPlatform& platform) {
  const DataDirectory data{request.data};
  MJ_TRY(const std::filesystem::path share, find_share(request.share));
  MJ_TRY(platform.schemes, appraisal::load_schemes(share / "rules" / "appraisal"));
  MJ_TRY(platform.book, open_register(data.records(), platform.knowledge.register_schema, *platform.log));
  MJ_TRY(
      platform.evaluation,
      evaluation::Engine::open(data.evaluation(),
                               evaluation_sources(*platform.store, platform.knowledge.standards, *platform.book)));
  for (const std::string& element : elements_of(figure, platform.schemes)) {
    MJ_TRY([[maybe_unused]] const auto runs,
           platform.evaluation->run({element, evaluation::RunKind::new_values, {}, {}}));
  }
  return {};
}

Result<std::string> export_from_directory(const ExportRequest& request) {
  MJ_TRY(const auto platform, open_platform(request));
  bundle::Sources sources{*platform->log,
                          platform->anchors.get(),
                          *platform->custody,
                          *platform->store,
                          platform->knowledge.network,
                          *platform->settings,
                          platform->knowledge.standards,
                          platform->knowledge.state_rules,
                          runtime::system_clock(),
                          MJ_VERSION,
                          request.with_device_keys};
  if (!request.figure.empty()) {
    MJ_TRY(const bundle::FigureId figure, bundle::FigureId::parse(request.figure));
    if (figure.made()) {
      MJ_CHECK(open_evaluation(request, figure, *platform));
      sources.sheets = [&engine = *platform->evaluation](std::string_view element) {
        return engine.sheets(element);
      };
      sources.made_sheet =
          appraisal::made_sheets({{*platform->store, *platform->book, platform->knowledge.standards},
                                  *platform->evaluation,
                                  runtime::system_clock()(),
                                  {}},
                                 platform->schemes);
    }
    return bundle::export_figure(sources, figure);
  }
  MJ_TRY(const Instant from, time_of("--from", request.from));
  MJ_TRY(const Instant to, time_of("--to", request.to));
  return bundle::export_device(sources, request.device, from, to, progress_line());
}

/// The subject as it may stand in a file name.
std::string default_name(const ExportRequest& request) {
  std::string subject =
      request.figure.empty() ? fmt::format("{}-{}-{}", request.device, request.from, request.to) : request.figure;
  std::replace_if(
      subject.begin(), subject.end(),
      [](char c) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return !plain;
      },
      '-');
  return subject + ".mjbundle.json";
}

Result<int> run_export(const ExportRequest& request) {
  MJ_CHECK(check_request(request));
  MJ_TRY(const std::string bundle,
         request.url.empty() ? export_from_directory(request) : export_from_server(request));
  const std::string file = request.output.empty() ? default_name(request) : request.output;
  std::ofstream stream(file, std::ios::binary);
  stream << bundle;
  stream.close();
  if (!stream) return Error(ErrorCode::unavailable, fmt::format("cannot write {}", file));
  const bundle::Verdict verdict = bundle::verify(bundle, bundle::Trust{});
  if (!verdict.ok) return Error(ErrorCode::damaged, fmt::format("{} does not verify", file));
  fmt::print("{}{}{}\n{}, {:.1f} kB; check it anywhere with: mingjian verify-bundle {}\n", verdict.subject,
             verdict.value.empty() ? "" : " = ", verdict.value, file, static_cast<double>(bundle.size()) / 1000,
             file);
  return 0;
}

Result<std::string> read_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream && !stream.eof()) return Error(ErrorCode::not_found, fmt::format("cannot read {}", file));
  if (!stream.is_open()) return Error(ErrorCode::not_found, fmt::format("cannot read {}", file));
  return text;
}

void print_json(const bundle::Verdict& verdict) {
  Json checks = Json::array();
  for (const bundle::Check& check : verdict.checks) {
    checks.push_back(
        {{"id", check.id}, {"outcome", kOutcomes[static_cast<std::size_t>(check.outcome)]}, {"text", check.text}});
  }
  const Json json = {{"ok", verdict.ok},
                     {"trusted", verdict.trusted},
                     {"subject", verdict.subject},
                     {"value", verdict.value},
                     {"checks", std::move(checks)}};
  // Texts quote what stands in the bundle, which may be anything.
  fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Texts quote what stands in the bundle: nothing of it may steer the terminal.
std::string harmless(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, '?');
  return text;
}

void print_text(const std::string& file, const bundle::Verdict& verdict, const bundle::Trust& trust) {
  fmt::print("{}\n", file);
  for (const bundle::Check& check : verdict.checks) {
    fmt::print("  {} {:<11} {}\n", kCheckMarks[static_cast<std::size_t>(check.outcome)], check.id,
               harmless(check.text));
  }
  if (!verdict.ok) {
    const auto first = std::find_if(verdict.checks.begin(), verdict.checks.end(), [](const bundle::Check& check) {
      return check.outcome == bundle::Check::Outcome::failed;
    });
    fmt::print("REFUSED {}: {}\n", first->id, harmless(first->text));
    return;
  }
  std::string own;
  const auto say = [&](bool taken, std::string_view what) {
    if (taken) own += fmt::format("{}{}", own.empty() ? "" : ", ", what);
  };
  const auto judged = [&](std::string_view id) {
    return std::any_of(verdict.checks.begin(), verdict.checks.end(), [id](const bundle::Check& check) {
      return check.id == id && check.outcome == bundle::Check::Outcome::passed;
    });
  };
  say(!verdict.trusted, "the log's keys");
  say(!trust.policy && judged("witnesses"), "the choice of witnesses");
  say(trust.timestamp_pem.empty() && judged("timestamp"), "the time-stamp authority");
  if (!own.empty()) {
    fmt::print("  ! taken from the bundle itself: {}{}\n", own,
               verdict.trusted ? "" : ". So far it only agrees with itself; compare the keys with --trust");
  }
  fmt::print("OK {}{}{}\n", verdict.subject, verdict.value.empty() ? "" : " = ", harmless(verdict.value));
}

struct VerifyRequest {
  std::vector<std::string> files;
  std::string trust;
  std::string format = "text";
};

Result<int> verify_bundles(const VerifyRequest& request) {
  bundle::Trust trust;
  if (!request.trust.empty()) {
    auto text = read_file(request.trust);
    auto parsed = text ? bundle::Trust::parse(*text) : Result<bundle::Trust>(text.error());
    if (!parsed) {
      fmt::print(stderr, "{}: {}\n", request.trust, parsed.error().text());
      return kUnusable;
    }
    trust = *std::move(parsed);
  }
  int status = 0;
  for (const std::string& file : request.files) {
    const auto text = read_file(file);
    if (!text) {
      fmt::print(stderr, "{}\n", text.error().text());
      return kUnusable;
    }
    const bundle::Verdict verdict = bundle::verify(*text, trust);
    if (request.format == "json") {
      print_json(verdict);
    } else {
      print_text(file, verdict, trust);
    }
    if (!verdict.ok) status = 1;
  }
  return status;
}

}  // namespace

void add_evidence_export(CLI::App& evidence, Run& run) {
  auto request = std::make_shared<ExportRequest>();
  CLI::App* command = evidence.add_subcommand(
      "export",
      "Write an evidence bundle 证据包: one file that proves a figure, or all entries of a device, offline");
  command->add_option("--figure", request->figure,
                      "Name of the figure, as screens show it: value/…, mean/…, aqi/…, water-class/…, result/…, "
                      "statistic/…, appraisal/…");
  command->add_option("--device", request->device, "MN of a device");
  command->add_option("--from", request->from, "Device: first day, 2026-03-01");
  command->add_option("--to", request->to, "Device: end (exclusive); its days must be closed");
  command->add_option("--url", request->url, "Running server, http://127.0.0.1:8080");
  command->add_option("--data", request->data, "Data directory of a stopped server");
  command->add_option("--network", request->network,
                      "With --data: registered points (default: network.toml of the data directory)");
  command->add_option("--share", request->share,
                      "With --data: folder with standards/ and rules/ (default: found beside the program)");
  command->add_option("--output", request->output, "File to write (default: named after the figure)");
  command->add_flag("--with-device-keys", request->with_device_keys,
                    "With --data: put SM4 keys of devices into the bundle where packets are in cipher; who has "
                    "the bundle can then read all their packets");
  command->footer(
      "Examples:\n"
      "  mingjian evidence export --figure aqi/air-1416A/20260301080000 --url http://127.0.0.1:8080\n"
      "  mingjian evidence export --figure result/air/city/500000/aqi/20260301000000/20260302000000 --data "
      "./data/demo\n"
      "  mingjian evidence export --figure 'statistic/air/point:1001A/a34004/mean/hour;Avg;pool;1/20260301000000/"
      "20260401000000' --url http://127.0.0.1:8080\n"
      "  mingjian evidence export --device 500000003100000000000007 --from 2026-03-01 --to 2026-03-02 --data "
      "./data/demo");
  command->callback([request, &run] { run = [request] { return run_export(*request); }; });
}

void add_verify_bundle(CLI::App& app, Run& run) {
  auto request = std::make_shared<VerifyRequest>();
  CLI::App* command = app.add_subcommand(
      "verify-bundle",
      "Check evidence bundles without any server or network; exit status 0 = all good, 1 = refused");
  command->add_option("FILE", request->files, "Bundles (*.mjbundle.json)")->required();
  command->add_option("--trust", request->trust,
                      "What you know from elsewhere: log and witness keys, quorum, time-stamp certificates "
                      "(docs/formats/bundle.md §5)");
  command->add_option("--format", request->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->footer("Example:\n  mingjian verify-bundle figure.mjbundle.json --trust trust.txt");
  command->callback([request, &run] { run = [request] { return verify_bundles(*request); }; });
}

}  // namespace mj::app
