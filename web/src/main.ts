import { createApp } from 'vue'
import './tokens.css'
import './base.css'
import App from './App.vue'
import { makeRouter } from './router'

createApp(App).use(makeRouter()).mount('#app')
