import { pistachio } from 'bootstand'

export default pistachio({ rootTask: 'pingpong' })
