import { linuxMilestones, linuxNoise, linuxPrompts, linuxStops } from './linux.ts'
import { pistachioProfile } from './pistachio.ts'
import type { KernelProfile } from './profile.ts'

/** L4Linux-2.4 on L4Ka::Pistachio: both speak, on the same console or on several. */
export const l4linuxProfile: KernelProfile = {
  ...pistachioProfile,
  name: 'L4Linux on L4Ka::Pistachio',
  milestones: [...pistachioProfile.milestones, ...linuxMilestones],
  stops: [...pistachioProfile.stops, ...linuxStops],
  prompts: [...pistachioProfile.prompts, ...linuxPrompts],
  noise: linuxNoise,
}
