#pragma once

#include <cstddef>

#include "compose/report.h"
#include "compose/value.h"

// Short forms put into the long ones that Compose's canonical model has (compose-go: transform).
// Each function takes one place of a model, leaves long forms as they are, and leaves what it
// cannot read where it is, with a finding. Values keep the places of the parts they were cut from.
// Findings: compose-bad-port, compose-bad-dependency, compose-bad-volume, compose-bad-device,
// compose-bad-context, compose-bad-ssh-key, compose-bad-external, compose-too-many-ports.
namespace dockhand::compose {

struct Lifting {
  Report& report;
  std::size_t& ports;  // How many were made of short forms; bounded by kMaxPorts.
};

// A whole model, or a part of it that has this shape. Lifting twice changes nothing.
void lift_model(Value& model, Lifting& lifting);

void lift_build(Value& value, Lifting& lifting);
void lift_contexts(Value& value, Lifting& lifting);
void lift_depends_on(Value& value, Lifting& lifting);
void lift_device(Value& value, Lifting& lifting);
void lift_env_files(Value& value, Lifting& lifting);
void lift_extends(Value& value, Lifting& lifting);
void lift_external(Value& value, Lifting& lifting);
void lift_file_mount(Value& value, Lifting& lifting);
void lift_gpus(Value& value, Lifting& lifting);
void lift_names(Value& value, Lifting& lifting);
void lift_ports(Value& value, Lifting& lifting);
void lift_schedule(Value& value, Lifting& lifting);
void lift_ssh(Value& value, Lifting& lifting);
void lift_to_list(Value& value, Lifting& lifting);
void lift_to_text(Value& value, Lifting& lifting);
void lift_volume(Value& value, Lifting& lifting);

}  // namespace dockhand::compose
