#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "commands.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/hj212/json.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::app {
namespace {

struct DecodeOptions {
  std::string file = "-";
  std::string crc = "hj";
};

struct FileCloser {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

Result<int> decode(const DecodeOptions& options) {
  const auto rule = hj212::parse_crc_rule(options.crc);
  if (!rule)
    return Error(ErrorCode::invalid_input,
                 fmt::format("--crc {} is not one of hj, modbus, modbus-le, off", options.crc));
  const std::unique_ptr<std::FILE, FileCloser> input(options.file == "-" ? stdin
                                                                         : std::fopen(options.file.c_str(), "rb"));
  if (!input)
    return Error(ErrorCode::not_found, fmt::format("cannot open {}: {}", options.file, std::strerror(errno)));
  hj212::Framer framer;
  std::array<std::byte, 65536> buffer{};
  const auto print_pieces = [&] {
    while (const auto piece = framer.next()) {
      std::string line = hj212::to_json(*piece, *rule);
      line.push_back('\n');
      std::fwrite(line.data(), 1, line.size(), stdout);
    }
  };
  std::size_t got = 0;
  while ((got = std::fread(buffer.data(), 1, buffer.size(), input.get())) > 0) {
    framer.push(BytesView(buffer.data(), got));
    print_pieces();
  }
  if (std::ferror(input.get()) != 0)
    return Error(ErrorCode::unavailable, fmt::format("cannot read {}: {}", options.file, std::strerror(errno)));
  framer.finish();
  print_pieces();
  return 0;
}

}  // namespace

void add_frame(CLI::App& app, Run& run) {
  auto options = std::make_shared<DecodeOptions>();
  CLI::App* frame = app.add_subcommand("frame", "Look into HJ 212 frames");
  frame->require_subcommand(1);
  CLI::App* command = frame->add_subcommand(
      "decode", "Print one JSON object per line for every frame or rejected stretch of bytes");
  command->add_option("file", options->file, "Bytes as received; - = standard input")->capture_default_str();
  command->add_option("--crc", options->crc, "CRC that counts as right: hj, modbus, modbus-le, off")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  mingjian frame decode capture.bin | jq 'select(.ok|not)'\n"
      "  printf '##0101QN=…&&1C80\\r\\n' | mingjian frame decode -");
  command->callback([options, &run] { run = [options] { return decode(*options); }; });
}

}  // namespace mj::app
